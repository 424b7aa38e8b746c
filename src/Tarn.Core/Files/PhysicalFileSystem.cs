namespace Tarn.Core.Files;

/// <summary>The operating system's own file system (Linux, macOS, Windows).</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    private const int CopyBytes = 1 << 20;

    private PhysicalFileSystem()
    {
    }

    /// <summary>The only instance; it has no state.</summary>
    public static PhysicalFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public IFileHandle OpenRead(string path) =>
        new PhysicalFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), path);

    /// <inheritdoc/>
    public IFileHandle OpenWrite(string path) =>
        new PhysicalFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), path);

    /// <inheritdoc/>
    public IFileHandle CreateNew(string path) =>
        new PhysicalFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), path);

    /// <inheritdoc/>
    public void SyncFile(string path)
    {
        // FlushFileBuffers of Windows wants the right to write; fsync(2) does not.
        var access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read;
        using var file = new PhysicalFile(File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete), path);
        file.Sync();
    }

    /// <inheritdoc/>
    public FileStat? Stat(string path)
    {
        if (OperatingSystem.IsLinux() && UnixFiles.TryStat(path, out var stat))
            return stat;
        var file = new FileInfo(path);
        if (file.Exists)
            return new FileStat(path, false, file.Length, file.LastWriteTimeUtc) { IsLink = file.Attributes.HasFlag(FileAttributes.ReparsePoint) };
        var folder = new DirectoryInfo(path);
        return folder.Exists ? new FileStat(path, true, 0, folder.LastWriteTimeUtc) { IsLink = folder.Attributes.HasFlag(FileAttributes.ReparsePoint) } : null;
    }

    /// <inheritdoc/>
    public string? RealPath(string path) => OperatingSystem.IsWindows() ? (Path.Exists(path) ? path : null) : UnixFiles.RealPath(path);

    /// <inheritdoc/>
    public IReadOnlyList<FileStat> Enumerate(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(ToStat).OfType<FileStat>()];

    /// <inheritdoc/>
    public bool CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return false;
        string? parent = Path.GetDirectoryName(path);
        if (parent is not null && !Directory.Exists(parent))
            throw new DirectoryNotFoundException($"Could not find a part of the path '{parent}'.");
        // Two who create it at once both hear true: both will then sync the parent, which is right.
        Directory.CreateDirectory(path);
        return true;
    }

    /// <inheritdoc/>
    public void Rename(string from, string to, bool replace)
    {
        if (replace)
            RenameReplacing(from, to);
        else if (OperatingSystem.IsWindows())
            File.Move(from, to, overwrite: false);
        else
            UnixFiles.RenameNoReplace(from, to);
    }

    /// <inheritdoc/>
    public void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Without its folder the file is gone as well, which is what was asked for.
            return;
        }
    }

    /// <inheritdoc/>
    public void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: false);
    }

    /// <inheritdoc/>
    public void SyncFolder(string path)
    {
        // NTFS journals names itself and offers no way to flush a folder to an ordinary user.
        if (!OperatingSystem.IsWindows())
            UnixFiles.SyncFolder(path);
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string holder) => LockFile.TryTake(path, holder);

    /// <inheritdoc/>
    public string ReadLockHolder(string path) => LockFile.ReadHolder(path);

    /// <inheritdoc/>
    public long Copy(string from, IFileHandle to, long offset)
    {
        using var source = OpenRead(from);
        long length = source.LengthBytes, copied = 0;
        while (copied < length && to is PhysicalFile target)
        {
            long piece = UnixFiles.CopyRange(((PhysicalFile)source).Handle, copied, target.Handle, offset + copied, length - copied);
            if (piece <= 0)
                break;
            copied += piece;
        }

        return copied + CopyByHand(source, copied, to, offset + copied);
    }

    /// <inheritdoc/>
    public long FreeBytes(string path) => new DriveInfo(path).AvailableFreeSpace;

    // What the kernel would not copy; a failing disk shows itself here as an exception.
    private static long CopyByHand(IFileHandle source, long start, IFileHandle to, long offset)
    {
        long left = source.LengthBytes - start;
        if (left == 0)
            return 0;
        var buffer = new byte[(int)Math.Min(left, CopyBytes)];
        long copied = 0;
        for (int read = source.Read(buffer, start); read > 0; read = source.Read(buffer, start + copied))
        {
            to.Write(buffer.AsSpan(0, read), offset + copied);
            copied += read;
        }

        return copied;
    }

    // File.Move copies between volumes, which would be neither atomic nor synced: rename(2) refuses instead.
    private static void RenameReplacing(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            File.Move(from, to, overwrite: true);
        else
            UnixFiles.Rename(from, to);
    }

    // Null for an entry that somebody removed or renamed since its name was listed. One look at the disk answers all that is asked.
    private static FileStat? ToStat(FileSystemInfo entry)
    {
        entry.Refresh();
        if (!entry.Exists)
            return null;
        return entry is FileInfo file
            ? new FileStat(file.Name, false, file.Length, file.LastWriteTimeUtc) { IsLink = file.Attributes.HasFlag(FileAttributes.ReparsePoint) }
            : new FileStat(entry.Name, true, 0, entry.LastWriteTimeUtc) { IsLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint) };
    }
}
