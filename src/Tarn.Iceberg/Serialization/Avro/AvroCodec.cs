using System.Buffers.Binary;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>How the blocks of a container are compressed ("Required Codecs", "Optional Codecs").</summary>
public static class AvroCodec
{
    /// <summary>No compression.</summary>
    public const string Null = "null";

    /// <summary>Raw deflate.</summary>
    public const string Deflate = "deflate";

    /// <summary>Snappy, followed by the big-endian CRC-32 of the uncompressed bytes.</summary>
    public const string Snappy = "snappy";

    /// <summary>Zstandard frames.</summary>
    public const string Zstandard = "zstandard";

    /// <summary>True when blocks of this codec can be read and written.</summary>
    public static bool IsKnown(string codec) => codec is Null or Deflate or Snappy or Zstandard;

    /// <summary>Appends a decompressed block to <paramref name="output"/>.</summary>
    /// <exception cref="TarnException">DataCorrupted for damaged data or more bytes than the limit; Unsupported for another codec.</exception>
    public static void Decompress(string codec, ReadOnlySpan<byte> block, OutputBuffer output)
    {
        switch (codec)
        {
            case Null:
                block.CopyTo(output.Append(block.Length));
                break;
            case Deflate:
                RawDeflate.Decompress(block, output);
                break;
            case Snappy:
                DecompressSnappy(block, output);
                break;
            case Zstandard:
                Compression.Zstandard.Decompress(block, output);
                break;
            default:
                throw TarnException.Unsupported($"Avro codec '{codec}' is not supported; null, deflate, snappy and zstandard are.");
        }
    }

    /// <summary>A compressed block.</summary>
    /// <exception cref="TarnException">Unsupported for an unknown codec.</exception>
    public static byte[] Compress(string codec, ReadOnlySpan<byte> data)
    {
        switch (codec)
        {
            case Null:
                return data.ToArray();
            case Deflate:
                return RawDeflate.Compress(data);
            case Snappy:
                byte[] block = [.. Compression.Snappy.Compress(data), 0, 0, 0, 0];
                BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(^4), Crc32.Compute(data));
                return block;
            case Zstandard:
                return Compression.Zstandard.Compress(data);
            default:
                throw TarnException.Unsupported($"Avro codec '{codec}' is not supported; null, deflate, snappy and zstandard are.");
        }
    }

    private static void DecompressSnappy(ReadOnlySpan<byte> block, OutputBuffer output)
    {
        if (block.Length < 4)
            throw TarnException.Corrupted("A Snappy block has no room for its checksum.");
        Compression.Snappy.Decompress(block[..^4], output);
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(block[^4..]), actual = Crc32.Compute(output.Written);
        if (expected != actual)
            throw TarnException.Corrupted($"A Snappy block has checksum 0x{expected:X8}, its content 0x{actual:X8}.");
    }
}
