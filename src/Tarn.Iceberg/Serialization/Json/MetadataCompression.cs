using System.IO.Compression;
using Tarn.Core.Compression;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>Decompression of metadata files by their first bytes; the file name says nothing reliable.</summary>
public static class MetadataCompression
{
    /// <summary>The largest metadata file, decompressed; a file that expands further is refused.</summary>
    public const int MaxSizeBytes = 1 << 30;

    /// <summary>The JSON bytes: gzip and zstd are expanded, everything else is returned as it is.</summary>
    public static ReadOnlyMemory<byte> Expand(ReadOnlyMemory<byte> content, string location) => content.Span switch
    {
        [0x1f, 0x8b, ..] => Inflate(content, location),
        // Not in the specification, but written by at least one other implementation.
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ExpandZstandard(content, location),
        _ => content,
    };

    /// <summary>Compresses JSON bytes with gzip.</summary>
    public static byte[] Gzip(byte[] json)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
            gzip.Write(json);
        return output.ToArray();
    }

    private static ReadOnlyMemory<byte> ExpandZstandard(ReadOnlyMemory<byte> content, string location)
    {
        try
        {
            return Zstandard.Decompress(content.Span, MaxSizeBytes);
        }
        catch (TarnException e)
        {
            throw new TarnException(e.Kind, $"{location}: {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> content, string location)
    {
        using var gzip = UnpackingStream.Gzip(new MemoryStream(content.ToArray()), location);
        var output = new MemoryStream();
        byte[] buffer = new byte[81920];
        int read;
        while ((read = gzip.Read(buffer)) > 0)
        {
            if (output.Length + read > MaxSizeBytes)
                throw TarnException.Corrupted($"{location}: the metadata expands beyond {MaxSizeBytes} bytes.");
            output.Write(buffer, 0, read);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }
}
