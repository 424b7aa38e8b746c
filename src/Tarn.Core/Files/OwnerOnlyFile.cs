using Tarn.Core.Errors;

namespace Tarn.Core.Files;

/// <summary>Files that only their owner may read (mode 0600 in a folder of mode 0700), written whole or not at all.</summary>
public static class OwnerOnlyFile
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string UnfinishedExtension = ".tmp";

    /// <summary>Creates the folder, unless it is there.</summary>
    /// <param name="folder">Absolute path; the folder above it exists.</param>
    public static void EnsureFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, FileMode | UnixFileMode.UserExecute);
        PhysicalFileSystem.Instance.SyncFolder(Path.GetDirectoryName(folder)!);
    }

    /// <summary>
    /// Writes a file that replaces the present one only once it is complete and durable. What a process that was killed left of one is removed, as it may hold a secret.
    /// </summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="replace">Whether there may be one already.</param>
    /// <returns>False when there was one and it may not be replaced.</returns>
    /// <exception cref="TarnException">ResourceExhausted, PermissionDenied, Unavailable when it cannot be written.</exception>
    public static bool Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}{UnfinishedExtension}";
        try
        {
            RemoveLeftovers(path);
            using (var file = CreateNew(temporary))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
                PhysicalFileSystem.Instance.Rename(temporary, path, replace);
            }

            PhysicalFileSystem.Instance.SyncFolder(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (IOException error) when (!replace && FileErrors.IsAlreadyThere(error))
        {
            File.Delete(temporary);
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            PhysicalFileSystem.Instance.DeleteFile(temporary);
            throw FileErrors.Translate(error, "Cannot write the file", path);
        }
    }

    /// <summary>The content; null when there is no such file.</summary>
    /// <exception cref="TarnException">PermissionDenied or Unavailable when it cannot be read.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot read the file", path);
        }
    }

    // Shared with nobody who wants it alone until it has its name: so others see that it is no leftover.
    private static FileStream CreateNew(string path)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode;
        return new FileStream(path, options);
    }

    private static void RemoveLeftovers(string path)
    {
        string name = Path.GetFileName(path) + ".";
        foreach (var file in new DirectoryInfo(Path.GetDirectoryName(path)!).EnumerateFiles(name + "*" + UnfinishedExtension))
        {
            // An empty one holds no secret, and may be one that its writer has not locked yet.
            if (Guid.TryParseExact(file.Name.AsSpan()[name.Length..^UnfinishedExtension.Length], "N", out _) && file.Exists && file.Length > 0 && !IsBeingWritten(file.FullName))
                file.Delete();
        }
    }

    private static bool IsBeingWritten(string path)
    {
        try
        {
            using var alone = new FileStream(path, System.IO.FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception error) when (error is FileNotFoundException or UnauthorizedAccessException)
        {
            // Its writer was faster, or is another user.
            return true;
        }
        catch (IOException error) when (FileErrors.IsLocked(error))
        {
            return true;
        }
    }
}
