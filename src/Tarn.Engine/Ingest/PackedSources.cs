using Tarn.Core.Compression;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Engine.Ingest;

/// <summary>Checks packed sources beside their reading: the engine takes what is there of a file that is cut off for the whole.</summary>
internal static class PackedSources
{
    private const int BufferBytes = 1 << 20;
    private const long SmallBytes = 64 << 20;

    /// <summary>Whether looking through them takes less than a second or so.</summary>
    public static bool AreSmall(IEnumerable<SourceFile> files) => files.Sum(f => new FileInfo(f.Path).Length) <= SmallBytes;

    /// <summary>Looks through all packed files to their ends.</summary>
    /// <exception cref="TarnException">DataCorrupted, naming the file that is damaged or cut off.</exception>
    public static Task RequireWholeAsync(IEnumerable<SourceFile> files, CancellationToken cancellationToken)
    {
        SourceFile[] packed = [.. files.Where(f => f.Compression != "none")];
        return packed.Length == 0 ? Task.CompletedTask : Task.Run(() => Array.ForEach(packed, f => RequireWhole(f, cancellationToken)), cancellationToken);
    }

    private static void RequireWhole(SourceFile source, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(source.Path);
        if (source.Compression == "zstd")
        {
            Zstandard.RequireWhole(file, source.Name);
            return;
        }

        using var text = UnpackingStream.Gzip(file, source.Name);
        byte[] buffer = new byte[BufferBytes];
        while (text.Read(buffer) > 0)
            cancellationToken.ThrowIfCancellationRequested();
    }
}
