namespace Tarn.Core.Files;

/// <summary>
/// The local disk, seen through the few operations that durability depends on. Nothing is durable before it is synced:
/// the bytes of a file by <see cref="IFileHandle.Sync"/>, a created, renamed or deleted name by <see cref="SyncFolder"/> of its folder.
/// Paths are absolute. Failures are the exceptions of <see cref="System.IO"/>; <see cref="FileErrors"/> turns them into
/// <see cref="Errors.TarnException"/> where the caller knows what the path means to the user.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens an existing file for reading; writers and deleters are not disturbed.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    IFileHandle OpenRead(string path);

    /// <summary>Opens a file for reading and writing in place, creating an empty one when there is none.</summary>
    IFileHandle OpenWrite(string path);

    /// <summary>Creates a file that must not exist yet.</summary>
    /// <exception cref="IOException">The file exists (<see cref="FileErrors.IsAlreadyThere"/>).</exception>
    IFileHandle CreateNew(string path);

    /// <summary>Makes the bytes of an existing file durable, whoever wrote them.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    void SyncFile(string path);

    /// <summary>What stands at a path, or null when nothing does.</summary>
    FileStat? Stat(string path);

    /// <summary>The path behind all symbolic links of a path; null when nothing stands there. Windows, where only administrators make links, gives the path itself.</summary>
    string? RealPath(string path) => Stat(path) is null ? null : path;

    /// <summary>Files and folders directly inside a folder, in no order; their <see cref="FileStat.Path"/> is the bare name.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    IReadOnlyList<FileStat> Enumerate(string folder);

    /// <summary>Creates one folder inside an existing one. An existing folder is success.</summary>
    /// <returns>Whether it was created by this call.</returns>
    bool CreateFolder(string path);

    /// <summary>Moves a file to another name on the same volume, atomically.</summary>
    /// <param name="from">An existing file.</param>
    /// <param name="to">The new name; its folder exists.</param>
    /// <param name="replace">Whether a file of the new name is replaced; if not and there is one, nothing happens but the error.</param>
    /// <exception cref="IOException">The target exists (<see cref="FileErrors.IsAlreadyThere"/>) or is on another volume (<see cref="FileErrors.IsOtherVolume"/>).</exception>
    void Rename(string from, string to, bool replace);

    /// <summary>Removes a file; a missing one is success.</summary>
    void DeleteFile(string path);

    /// <summary>Removes an empty folder; a missing one is success.</summary>
    void DeleteFolder(string path);

    /// <summary>Makes the names inside a folder durable.</summary>
    void SyncFolder(string path);

    /// <summary>
    /// Takes the exclusive lock that a lock file stands for, without waiting. The lock ends when it is disposed or its process dies in any way.
    /// </summary>
    /// <param name="path">The lock file, created when missing; its content belongs to the holder.</param>
    /// <param name="holder">Text about the holder, for those who wait; see <see cref="ReadLockHolder"/>.</param>
    /// <returns>The lock, or null while somebody else holds it (also another lock object of the same process).</returns>
    IDisposable? TryLock(string path, string holder);

    /// <summary>The text that the last holder of a lock left; empty when unknown. Never waits.</summary>
    string ReadLockHolder(string path);

    /// <summary>Writes all bytes of a file into another one at an offset, by the kernel where it can.</summary>
    /// <returns>Number of bytes.</returns>
    long Copy(string from, IFileHandle to, long offset)
    {
        const int bufferBytes = 1 << 20;
        using var source = OpenRead(from);
        var buffer = new byte[(int)Math.Clamp(source.LengthBytes, 1, bufferBytes)];
        long copied = 0;
        for (int read = source.Read(buffer, 0); read > 0; read = source.Read(buffer, copied))
        {
            to.Write(buffer.AsSpan(0, read), offset + copied);
            copied += read;
        }

        return copied;
    }

    /// <summary>Bytes that this user may still write on the volume of an existing path.</summary>
    long FreeBytes(string path);
}
