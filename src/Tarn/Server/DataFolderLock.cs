using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Server;

/// <summary>One server for each data folder. The command line needs no lock: its commits take turns with those of the server.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private const string LockName = "lock";

    private readonly IDisposable _lock;

    private DataFolderLock(IDisposable taken) => _lock = taken;

    /// <summary>Folder inside of the data folder that belongs to the server: its lock and its generated certificate.</summary>
    public static string ServerFolder(string dataFolder) => Path.Join(dataFolder, ".server");

    /// <summary>Takes the lock; it ends with the process.</summary>
    /// <exception cref="TarnException">AlreadyExists: another server has the folder; the message names its process.</exception>
    public static DataFolderLock Take(string dataFolder, IFileSystem files)
    {
        string folder = ServerFolder(dataFolder);
        string path = Path.Join(folder, LockName);
        try
        {
            new DurableFolders(files).Ensure(folder);
            return files.TryLock(path, ProcessText.Current) is { } taken
                ? new DataFolderLock(taken)
                : throw TarnException.AlreadyExists($"Process {files.ReadLockHolder(path)} already serves the data folder '{dataFolder}'. Stop it, or serve another folder: data: in tarn.yaml, TARN_DATA or --data.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot lock the data folder", path);
        }
    }

    /// <summary>As <see cref="Take"/>, for who makes nothing: null where no server has ever been, for there can be none now.</summary>
    /// <exception cref="TarnException">As <see cref="Take"/>.</exception>
    public static DataFolderLock? TakeExisting(string dataFolder, IFileSystem files) => files.Stat(Path.Join(ServerFolder(dataFolder), LockName)) is null ? null : Take(dataFolder, files);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
