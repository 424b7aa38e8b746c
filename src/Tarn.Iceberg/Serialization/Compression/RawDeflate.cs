using System.IO.Compression;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>Deflate without zlib or gzip framing (RFC 1951), as Avro's <c>deflate</c> codec stores blocks.</summary>
public static class RawDeflate
{
    /// <summary>Compresses <paramref name="data"/>.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> data, CompressionLevel level = CompressionLevel.Optimal)
    {
        // The stream writes nothing at all for no data; a final block without content is two bytes.
        if (data.IsEmpty)
            return [3, 0];
        using var output = new MemoryStream(Math.Max(64, data.Length / 4));
        using (var deflate = new DeflateStream(output, level, leaveOpen: true))
            deflate.Write(data);
        return output.ToArray();
    }

    /// <summary>Appends the decompressed bytes to <paramref name="output"/>; what follows the last block is ignored.</summary>
    /// <exception cref="TarnException">DataCorrupted for damaged data or more bytes than the limit of the output.</exception>
    public static void Decompress(ReadOnlySpan<byte> data, OutputBuffer output) => Inflate.Decompress(data, output);
}
