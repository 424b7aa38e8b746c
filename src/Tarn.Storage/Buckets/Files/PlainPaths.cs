using Tarn.Core.Files;
using Tarn.Storage.Local;

namespace Tarn.Storage.Buckets.Files;

/// <summary>
/// Decides which of the keys that clash on a disk, such as <c>a</c> and <c>a/b</c>, gets the plain file: whoever comes first. A path is reserved from before
/// its object is logged until its file is there.
/// </summary>
internal sealed class PlainPaths(IFileSystem files, BucketFolders folders, DurableFolders durableFolders, FolderLinks links)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _reserved = new(StringComparer.Ordinal);

    /// <summary>Reserves the plain file of a key and creates the folders above it.</summary>
    /// <returns>Null when a file or folder is in the way, or the path too long.</returns>
    public IDisposable? TryReserve(string bucket, string key)
    {
        if (folders.Plain(bucket, key) is not { } path)
            return null;
        lock (_gate)
        {
            if (files.Stat(folders.Absolute(path)) is { IsFolder: true } && !TryRemoveEmpty(bucket, path))
                return null;
            if (!TryCreateFolders(BucketFolders.Parent(path)) || links.IsBehindLink(bucket, path[(bucket.Length + 1)..]) || !_reserved.Add(path))
                return null;
            return new Reservation(this, path);
        }
    }

    // A folder that exists proves that no file is in its way, nor about to be.
    private bool TryCreateFolders(string folder)
    {
        string absolute = folders.Absolute(folder);
        if (files.Stat(absolute) is { } present)
            return present.IsFolder;
        if (_reserved.Contains(folder) || !folder.Contains('/', StringComparison.Ordinal) || !TryCreateFolders(BucketFolders.Parent(folder)))
            return false;
        try
        {
            files.CreateFolder(absolute);
            return true;
        }
        catch (IOException error) when (FileErrors.IsAlreadyThere(error) || FileErrors.IsNotAFolder(error) || error is PathTooLongException)
        {
            return false;
        }
    }

    // Folders in the lake may be waiting for files of the SQL engine, which knows nothing of reservations.
    private bool TryRemoveEmpty(string bucket, string path)
    {
        if (bucket == LocalObjectStore.LakeBucket || _reserved.Any(r => r.StartsWith(path, StringComparison.Ordinal) && r[path.Length] == '/'))
            return false;
        return TryRemoveEmptyTree(folders.Absolute(path));
    }

    private bool TryRemoveEmptyTree(string folder)
    {
        var entries = files.Enumerate(folder);
        if (!entries.All(e => e.IsFolder && TryRemoveEmptyTree(Path.Join(folder, e.Path))))
            return false;
        durableFolders.Forget(folder);
        files.DeleteFolder(folder);
        return true;
    }

    private void Release(string path)
    {
        lock (_gate)
            _reserved.Remove(path);
    }

    private sealed class Reservation(PlainPaths owner, string path) : IDisposable
    {
        public void Dispose() => owner.Release(path);
    }
}
