using Tarn.Core.Errors;

namespace Tarn.Core.Files;

/// <summary>Files that only their owner may read (mode 0600 in a folder of mode 0700), written whole or not at all.</summary>
public static class OwnerOnlyFile
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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

    /// <summary>Writes a file that replaces the present one only once it is complete and durable.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="replace">Whether there may be one already.</param>
    /// <returns>False when there was one and it may not be replaced.</returns>
    /// <exception cref="TarnException">ResourceExhausted, PermissionDenied, Unavailable when it cannot be written.</exception>
    public static bool Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            WriteNew(temporary, content);
            PhysicalFileSystem.Instance.Rename(temporary, path, replace);
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

    private static void WriteNew(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
