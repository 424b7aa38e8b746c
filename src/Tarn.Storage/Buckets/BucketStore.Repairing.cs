using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <summary>Files that were set aside when this store was opened, because its index was missing and nothing refers to them.</summary>
    public long SetAsideFiles { get; private set; }

    /// <summary>Brings objects back whose entries an index has lost.</summary>
    internal async Task ComeBackAsync(RepairOutcome outcome, CancellationToken cancellationToken)
    {
        foreach (var folder in _files.Enumerate(_folders.DataFolder).Where(e => e.IsFolder && BucketNames.IsAllowed(e.Path) && !_buckets.ContainsKey(e.Path)))
        {
            outcome.LostBuckets.Add(folder.Path);
            await AddBucketAsync(new BucketRecord(folder.Path, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }

        foreach (string bucket in _buckets.Keys)
            outcome.AdoptedObjects += await ReconcileAsync(bucket, cancellationToken).ConfigureAwait(false);
        outcome.SetAsideFiles = SetAside();
    }

    /// <summary>Moves files without an entry out of the way of the removal of orphans: after a loss of entries they may be all that is left of versions.</summary>
    /// <returns>Number of files.</returns>
    private long SetAside()
    {
        string root = _folders.Absolute(BucketFolders.OwnRoot);
        if (_files.Stat(root) is not { IsFolder: true })
            return 0;
        long moved = 0;
        foreach (string bucket in _files.Enumerate(root).Where(e => e.IsFolder).Select(e => e.Path))
        {
            var referred = ReferredFiles(bucket);
            string target = Path.Join(_folders.Absolute(BucketFolders.Lost), bucket);
            foreach (var (path, _) in OwnFiles(bucket).Where(f => !referred.Contains(f.Id)).ToList())
            {
                _durableFolders.Ensure(target);
                _files.Rename(path, Path.Join(target, Path.GetFileName(path)), replace: true);
                moved++;
            }

            if (moved > 0 && _files.Stat(target) is not null)
                _files.SyncFolder(target);
        }

        return moved;
    }
}
