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
    public void Sync(IFileSystem files)
    {
        string[] changedFiles, changedFolders;
        lock (_gate)
            (changedFiles, changedFolders) = ([.. _files], [.. _folders]);
        Parallel.ForEach(changedFiles, new ParallelOptions { MaxDegreeOfParallelism = ParallelSyncs }, path => SyncUnlessGone(() => files.SyncFile(path)));
        foreach (string path in changedFolders)
            SyncUnlessGone(() => files.SyncFolder(path));
    }

    private static void SyncUnlessGone(Action sync)
    {
        try
        {
            sync();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException || (error is IOException io && FileErrors.IsNotAFolder(io)))
        {
            return;
        }
    }
}
