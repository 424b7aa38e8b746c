using Tarn.Core.Caching;

namespace Tarn.Core.Files;

/// <summary>
/// Creates folders so that their names survive a power cut. A folder that already exists may have been created by a process that has not
/// synced it yet, so the first use of each folder syncs its parent whoever created it.
/// </summary>
public sealed class DurableFolders(IFileSystem files)
{
    // Names of folders come from the keys of objects; beyond this many all are looked at again, which costs a sync each and no harm.
    private const int MaxKnown = 65_536;

    private readonly ForgetfulCache<string, bool> _durable = new(MaxKnown);

    /// <summary>Makes sure that a folder and all folders above it exist and are durable.</summary>
    public void Ensure(string folder)
    {
        if (_durable.TryGet(folder, out _) && files.Stat(folder) is { IsFolder: true })
            return;
        string? parent = Path.GetDirectoryName(folder);
        if (parent is null)
            return;
        Ensure(parent);
        if (files.Stat(folder) is { IsFolder: false })
            throw FileErrors.Create(FileFailure.NotAFolder, folder);
        bool isCreated = files.CreateFolder(folder);
        TrySync(parent, mustSucceed: isCreated);
        _durable.Set(folder, true);
    }

    /// <summary>To be called when a folder is removed: one of the same name is another folder.</summary>
    public void Forget(string folder) => _durable.Forget(folder);

    // The parent of an existing folder may belong to somebody else and be unreadable; then its names are not ours to sync.
    private void TrySync(string folder, bool mustSucceed)
    {
        try
        {
            files.SyncFolder(folder);
        }
        catch (Exception error) when (!mustSucceed && error is UnauthorizedAccessException or IOException { HResult: 13 })
        {
            return;
        }
    }
}
