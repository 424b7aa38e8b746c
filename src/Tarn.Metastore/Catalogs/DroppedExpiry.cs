using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// The end of what was dropped. Its name went with the drop; here it goes itself, and the files of what was purged with it, as far as they lie in its own folders, when no branch has it any more. Any step may be the last one of a
/// process: the next run goes on from there.
/// </summary>
internal sealed class DroppedExpiry(ICommitLog log, CommitGround ground, string principal)
{
    private readonly WaitingPurges _waiting = new();

    // By these it is found what branches share whose purges wait: what they are of waits too.
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);
    private int _forgotten;

    /// <returns>How many tables and views were forgotten.</returns>
    /// <exception cref="TarnException">A table that may need the files cannot be read, and no file was deleted; or files of purged ones cannot be read or deleted, which wait while the others are gone.</exception>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        // 1. What has only to be forgotten is forgotten.
        var now = ground.Time.GetUtcNow();
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var due = state.Dropped.Where(d => d.Value.IsExpiring || (d.Value.Retention.Until <= now && !state.IsUndecided(d, now))).ToList();
        foreach (var plain in due.Where(d => !d.Value.Retention.IsPurged))
            await ForgetAsync(plain.Key, plain.Value, cancellationToken).ConfigureAwait(false);
        // 2. From here on nobody can bring back what is about to lose its files. What a branch has still waits for that.
        var left = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var purged = due.Where(d => d.Value.Retention.IsPurged && (d.Value.IsExpiring || left.FindHolder(d, now) is null)).ToList();
        foreach (var (key, entry) in purged.Where(d => !d.Value.IsExpiring))
            await TryAppendAsync(entry, new CatalogChange.ExpireDropped(key), cancellationToken).ConfigureAwait(false);
        // 3. Its files, without those that anything else leads to.
        var files = await FilesAsync(purged, cancellationToken).ConfigureAwait(false);
        if (files.Count > 0)
            await DeleteAsync(files, cancellationToken).ConfigureAwait(false);
        _waiting.ThrowIfAny(_forgotten);
        return _forgotten;
    }

    private async ValueTask DeleteAsync(List<PurgedFiles> purged, CancellationToken cancellationToken)
    {
        // Who drops one of them without purge before this state is read keeps its files by that, and need not wait for the next run; who does so later still has it here.
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var kept = purged.Where(p => state.Dropped.GetValueOrDefault(p.Key) is not { Retention.IsPurged: true }).ToList();
        foreach (var (key, entry, _) in kept)
            await ForgetAsync(key, entry, cancellationToken).ConfigureAwait(false);
        purged.RemoveAll(kept.Contains);
        var free = await new FilesInUse(state, ground).ExceptAsync(purged.SelectMany(p => p.Files), cancellationToken).ConfigureAwait(false);
        // 4. What is gone is forgotten; what cannot be deleted waits, and keeps nothing else.
        foreach (var (key, entry, files) in YoungestFirst(purged).Where(p => !p.Files.Any(_needed.Contains)))
        {
            try
            {
                foreach (string location in files.Where(free.Contains))
                    await ground.Store.DeleteAsync(location, cancellationToken).ConfigureAwait(false);
            }
            catch (TarnException error) when (error.IsOfOneThing)
            {
                Wait(entry);
                _waiting.AddUndeletable(entry, error);
                continue;
            }

            await ForgetAsync(key, entry, cancellationToken).ConfigureAwait(false);
        }
    }

    // By the files of one it is found what others have in common with it: those go first. Where each waits for another, the next run knows nothing better.
    private static IEnumerable<PurgedFiles> YoungestFirst(IReadOnlyList<PurgedFiles> purged)
    {
        for (var left = purged; left.Count > 0;)
        {
            var needed = left.SelectMany(p => p.Entry.Common.Select(c => (File: c, p.Key))).ToLookup(n => n.File, n => n.Key, StringComparer.Ordinal);
            var free = left.Where(p => !p.Files.Any(f => needed[f].Any(key => key != p.Key))).ToList();
            foreach (var next in free.Count == 0 ? left : free)
                yield return next;
            left = free.Count == 0 ? [] : [.. left.Except(free)];
        }
    }

    private async ValueTask<List<PurgedFiles>> FilesAsync(IReadOnlyList<KeyValuePair<DroppedKey, DroppedEntry>> purged, CancellationToken cancellationToken)
    {
        var found = new List<PurgedFiles>();
        // Those of branches first: what they share with main is found by its metadata.
        foreach (var (key, entry) in purged.OrderBy(p => p.Value.At.IsMain))
        {
            try
            {
                found.Add(new PurgedFiles(key, entry, await FilesAsync(entry, cancellationToken).ConfigureAwait(false)));
            }
            catch (TarnException error) when (error.IsOfOneThing)
            {
                Wait(entry);
                _waiting.AddUnreadable(entry, error);
            }
        }

        return found;
    }

    private void Wait(DroppedEntry entry)
    {
        _needed.UnionWith(entry.Common);
    }

    private async ValueTask<IReadOnlyCollection<string>> FilesAsync(DroppedEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            if (entry.Common.Contains(entry.MetadataLocation))
                return [];
            if (entry.IsView)
                return [entry.MetadataLocation];
            var (table, _) = await ground.Metadata.ReadTableAsync(entry.MetadataLocation, cancellationToken).ConfigureAwait(false);
            if (!MayDelete(table))
                return [];
            var files = await ReachableFiles.FindAsync(ground.Store, entry.MetadataLocation, table, missing: [], cancellationToken: cancellationToken).ConfigureAwait(false);
            var common = await CommonAsync(entry, table, cancellationToken).ConfigureAwait(false);
            return [.. Own(entry, table, files).Where(f => !common.Contains(ground.PlaceOf(f)))];
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            return []; // its metadata file is the last to go: a run before this one came to the end, or what it had in common is unknown
        }
    }

    // What a branch has of the one that it came from is decided there; without its metadata file nobody knows, and everything stays. Where both sides have let go of manifests of that state, newer ones may
    // lead to its files on either side: then what was not added later stays.
    private async ValueTask<IReadOnlySet<string>> CommonAsync(DroppedEntry entry, TableMetadata own, CancellationToken cancellationToken)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (string common in entry.Common)
        {
            var missing = new List<string>();
            var (table, _) = await ground.Metadata.ReadTableAsync(common, cancellationToken).ConfigureAwait(false);
            var files = await ReachableFiles.FindAsync(ground.Store, common, table, missing: missing, cancellationToken: cancellationToken).ConfigureAwait(false);
            var old = missing.Count == 0 ? [] : await ReachableFiles.FindUpToAsync(ground.Store, own, table.LastSequenceNumber, cancellationToken).ConfigureAwait(false);
            places.UnionWith(files.Concat(old).Select(ground.PlaceOf));
        }

        return places;
    }

    // Metadata may name any file there is; what lies outside of the table's folders stays.
    private static List<string> Own(DroppedEntry entry, TableMetadata table, IReadOnlyCollection<string> files)
    {
        string metadataLocation = entry.MetadataLocation;
        string[] folders = [.. TableFolders.Of(table), .. entry.FormerFolders, TableFolders.FolderOf(metadataLocation)];
        return [.. files.Where(f => f == metadataLocation || folders.Any(folder => TableFolders.HasFile(folder, f)))];
    }

    private static bool MayDelete(TableMetadata table) => table.Properties.GetValueOrDefault("gc.enabled") != "false";

    private async ValueTask ForgetAsync(DroppedKey key, DroppedEntry entry, CancellationToken cancellationToken)
    {
        if (await TryAppendAsync(entry, new CatalogChange.ForgetDropped(key), cancellationToken).ConfigureAwait(false))
            _forgotten++;
    }

    // Somebody else may be at the same work.
    private async ValueTask<bool> TryAppendAsync(DroppedEntry entry, CatalogChange change, CancellationToken cancellationToken)
    {
        try
        {
            await log.AppendAsync(new CommitRequest(principal, [], [change]) { At = entry.At }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    private sealed record PurgedFiles(DroppedKey Key, DroppedEntry Entry, IReadOnlyCollection<string> Files);
}
