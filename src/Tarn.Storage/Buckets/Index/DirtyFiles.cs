using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>Files and folders that were changed without a sync, because the log can repeat the change. They are synced before the log is cut.</summary>
internal sealed class DirtyFiles
{
    // Enough to keep a disk's queue busy; more only makes the file system's journal wait for itself.
    private const int ParallelSyncs = 8;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _files = new(StringComparer.Ordinal), _folders = new(StringComparer.Ordinal);

    public void AddFile(string path)
    {
        lock (_gate)
            _files.Add(path);
    }

    public void AddFolder(string path)
    {
        lock (_gate)
            _folders.Add(path);
    }

    /// <summary>Syncs everything. Files and folders that are gone were changed again by somebody who answers for that change.</summary>
    public async Task SyncAsync(IFileSystem files)
    {
        string[] changedFiles, changedFolders;
        lock (_gate)
            (changedFiles, changedFolders) = ([.. _files], [.. _folders]);
        int next = -1;
        // Threads of their own: they wait for the disk for long, and requests need those of the pool.
        await Task.WhenAll(Enumerable.Range(0, Math.Min(ParallelSyncs, changedFiles.Length)).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = Interlocked.Increment(ref next); i < changedFiles.Length; i = Interlocked.Increment(ref next))
                    SyncUnlessGone(files.SyncFile, changedFiles[i]);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).ConfigureAwait(false);
        foreach (string path in changedFolders)
            SyncUnlessGone(files.SyncFolder, path);
    }

    private static void SyncUnlessGone(Action<string> sync, string path)
    {
        try
        {
            sync(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException || (error is IOException io && FileErrors.IsNotAFolder(io)))
        {
            return;
        }
    }
}
