namespace Tarn.Core.Files;

/// <summary>Small files that are read and written as one: a reader finds the content of before or of after, also when the writer is killed or the power fails.</summary>
public static class WholeFile
{
    private const string UnfinishedExtension = ".new";

    /// <summary>The content; null when there is no such file.</summary>
    public static byte[]? Read(IFileSystem files, string path)
    {
        if (files.Stat(path) is null)
            return null;
        using var file = files.OpenRead(path);
        var content = new byte[checked((int)file.LengthBytes)];
        int length = file.Read(content, 0);
        return length == content.Length ? content : content[..length];
    }

    /// <summary>Writes a file, durable when this returns.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file; its folder exists, and nobody else writes it at the same time.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="replace">Whether there may be one already.</param>
    /// <exception cref="IOException">It cannot be written, or exists and may not be replaced (<see cref="FileErrors.IsAlreadyThere"/>).</exception>
    public static void Write(IFileSystem files, string path, ReadOnlySpan<byte> content, bool replace = true)
    {
        WriteLazily(files, path, content, replace);
        files.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes a file as the other form does, but for its name, which may still be that of the content of before when the power fails.</summary>
    public static void WriteLazily(IFileSystem files, string path, ReadOnlySpan<byte> content, bool replace = true)
    {
        // One name: what a killed writer left is overwritten by the next.
        string unfinished = path + UnfinishedExtension;
        using (var file = files.OpenWrite(unfinished))
        {
            file.Truncate(0);
            file.Write(content, 0);
            file.Sync();
        }

        files.Rename(unfinished, path, replace);
    }
}
