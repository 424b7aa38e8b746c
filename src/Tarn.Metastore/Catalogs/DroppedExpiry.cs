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
        var files = new List<string>();
        foreach (var (_, entry) in purged)
            files.AddRange(await FilesAsync(entry, cancellationToken).ConfigureAwait(false));
        var free = await new FilesInUse(log, ground).ExceptAsync(files, cancellationToken).ConfigureAwait(false);
        foreach (string location in files.Where(free.Contains))
            await ground.Store.DeleteAsync(location, cancellationToken).ConfigureAwait(false);
        // 4. What is gone is forgotten.
        return forgotten + await AppendEachAsync(purged, d => new CatalogChange.ForgetDropped(d.Key), cancellationToken).ConfigureAwait(false);
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
