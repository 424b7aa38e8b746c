using Tarn.Core.Compression;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Engine.Ingest;

/// <summary>A file packed with gzip or Zstandard.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Name">As the user named it, for messages.</param>
/// <param name="Compression">The engine's name of its compression: <c>gzip</c>, <c>zstd</c>.</param>
internal sealed record PackedFile(string Path, string Name, string Compression)
{
    private const int BufferBytes = 1 << 20;
    private const int MagicBytes = 4;

    /// <summary>Length of the packed file.</summary>
    public long SizeBytes => new FileInfo(Path).Length;

    /// <summary>The file when its content is packed, else null.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PackedFile? Find(string path, string name)
    {
        Span<byte> head = stackalloc byte[MagicBytes];
        using var file = File.OpenRead(path);
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return CompressionOf(head[..read]) is { } compression ? new PackedFile(path, name, compression) : null;
    }

    /// <summary>The engine's name of the compression of data that begins so; null when it is not packed.</summary>
    public static string? CompressionOf(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "gzip" : Zstandard.IsFrame(head) ? "zstd" : null;

    /// <summary>Looks through it to its end.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted, naming the file: it is damaged or cut off.</exception>
    public void RequireWhole(CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(Path);
        if (Compression == "zstd")
        {
            Zstandard.RequireWhole(file, Name);
            return;
        }

        using var text = UnpackingStream.Gzip(file, Name);
        byte[] buffer = new byte[BufferBytes];
        while (text.Read(buffer) > 0)
            cancellationToken.ThrowIfCancellationRequested();
    }
}
