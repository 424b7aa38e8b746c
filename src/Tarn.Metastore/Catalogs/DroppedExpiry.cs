using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// The end of what was dropped. Its name went with the drop; here it goes itself, and the files of what was purged with it, as far as they lie in its own folders. Any step may be the last one of a
/// process: the next run goes on from there.
/// </summary>
internal sealed class DroppedExpiry(ICommitLog log, CommitGround ground, string principal)
{
    /// <returns>How many tables and views were forgotten.</returns>
    /// <exception cref="TarnException">A table that may need the files cannot be read, and no file was deleted; or a purged one cannot, which waits while the others are gone.</exception>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        // 1. What has only to be forgotten is forgotten.
        var now = ground.Time.GetUtcNow();
        var due = (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).Dropped.Where(d => d.Value.IsExpiring || d.Value.Retention.Until <= now).ToList();
        int forgotten = await AppendEachAsync(due.Where(d => !d.Value.Retention.IsPurged), d => new CatalogChange.ForgetDropped(d.Key), cancellationToken).ConfigureAwait(false);
        // 2. From here on nobody can bring back what is about to lose its files.
        var purged = due.Where(d => d.Value.Retention.IsPurged).ToList();
        if (purged.Count == 0)
            return forgotten;
        await AppendEachAsync(purged.Where(d => !d.Value.IsExpiring), d => new CatalogChange.ExpireDropped(d.Key), cancellationToken).ConfigureAwait(false);
        // 3. Its files, without those that anything else leads to.
        var (files, unreadable) = await FilesAsync(purged, cancellationToken).ConfigureAwait(false);
        var free = await new FilesInUse(log, ground).ExceptAsync(files, cancellationToken).ConfigureAwait(false);
        foreach (string location in files.Where(free.Contains))
            await ground.Store.DeleteAsync(location, cancellationToken).ConfigureAwait(false);
        // 4. What is gone is forgotten; what could not be read waits.
        forgotten += await AppendEachAsync(purged.Where(d => !unreadable.ContainsKey(d.Key)), d => new CatalogChange.ForgetDropped(d.Key), cancellationToken).ConfigureAwait(false);
        return unreadable.Count == 0 ? forgotten : throw Waiting(purged, unreadable, forgotten);
    }

    private async ValueTask<(List<string> Files, Dictionary<DroppedKey, TarnException> Unreadable)> FilesAsync(
        IReadOnlyList<KeyValuePair<DroppedKey, DroppedEntry>> purged, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        var unreadable = new Dictionary<DroppedKey, TarnException>();
        foreach (var (key, entry) in purged)
        {
            try
            {
                files.AddRange(await FilesAsync(entry, cancellationToken).ConfigureAwait(false));
            }
            catch (TarnException error) when (error.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported)
            {
                unreadable.Add(key, error);
            }
        }

        return (files, unreadable);
    }

    private static TarnException Waiting(IReadOnlyList<KeyValuePair<DroppedKey, DroppedEntry>> purged, Dictionary<DroppedKey, TarnException> unreadable, int forgotten)
    {
        var (key, first) = purged.First(d => unreadable.ContainsKey(d.Key));
        string more = unreadable.Count > 1 ? $" So do {unreadable.Count - 1} more." : "";
        return new TarnException(
            unreadable[key].Kind,
            $"The files of the purged table '{first.Name}' of '{first.At}' stay, because nobody knows all of them: {unreadable[key].Message.TrimEnd('.')}. Restore the file, or delete it to leave behind what only it names.{more} "
            + $"{forgotten} other dropped tables and views were forgotten.",
            unreadable[key]);
    }

    private async ValueTask<IReadOnlyCollection<string>> FilesAsync(DroppedEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            if (entry.IsView)
                return [entry.MetadataLocation];
            var (table, _) = await ground.Metadata.ReadTableAsync(entry.MetadataLocation, cancellationToken).ConfigureAwait(false);
            if (!MayDelete(table))
                return [];
            var files = await ReachableFiles.FindAsync(ground.Store, entry.MetadataLocation, table, ignoreMissing: true, cancellationToken: cancellationToken).ConfigureAwait(false);
            return Own(entry.MetadataLocation, table, files);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            return []; // its metadata file is the last to go: a run before this one came to the end
        }
    }

    // Metadata may name any file there is; what lies outside of the table's folders stays.
    private static List<string> Own(string metadataLocation, TableMetadata table, IReadOnlyCollection<string> files)
    {
        string[] folders = [.. TableFolders.Of(table), metadataLocation[..Math.Max(0, metadataLocation.LastIndexOf('/'))]];
        return [.. files.Where(f => f == metadataLocation || folders.Any(folder => TableFolders.HasFile(folder, f)))];
    }

    private static bool MayDelete(TableMetadata table) => table.Properties.GetValueOrDefault("gc.enabled") != "false";

    // Somebody else may be at the same work.
    private async ValueTask<int> AppendEachAsync(IEnumerable<KeyValuePair<DroppedKey, DroppedEntry>> entries, Func<KeyValuePair<DroppedKey, DroppedEntry>, CatalogChange> change, CancellationToken cancellationToken)
    {
        int done = 0;
        foreach (var entry in entries)
        {
            try
            {
                await log.AppendAsync(new CommitRequest(principal, [], [change(entry)]) { At = entry.Value.At }, cancellationToken).ConfigureAwait(false);
                done++;
            }
            catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
            {
                continue;
            }
        }

        return done;
    }
}
