using System.Buffers.Binary;
using Tarn.Core.Errors;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Serialization.Compression;
using Tarn.Iceberg.Serialization.Roaring;

namespace Tarn.Iceberg.Serialization.Puffin;

/// <summary>The blob type <c>deletion-vector-v1</c> (Puffin specification): length, magic, 64-bit roaring bitmap, CRC-32.</summary>
public static class DeletionVectorBlob
{
    /// <summary>Name of the blob type.</summary>
    public const string Type = "deletion-vector-v1";

    /// <summary>Most bytes that a blob may have; a vector of a billion scattered positions has two bytes for each.</summary>
    public const int MaxSizeBytes = 1 << 30;

    private const uint Magic = 0xD1D33964;

    // Length, magic and checksum.
    private const int FrameBytes = 12;

    /// <summary>Reads a blob.</summary>
    /// <param name="blob">All its bytes.</param>
    /// <exception cref="TarnException">DataCorrupted: it is damaged. The caller knows the file.</exception>
    public static PositionBitmap Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < FrameBytes)
            throw TarnException.Corrupted($"The deletion vector is cut off: it has {blob.Length} bytes.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(blob);
        if (length != blob.Length - 8)
            throw TarnException.Corrupted($"The deletion vector claims {length} bytes where {blob.Length - 8} are.");
        var body = blob[4..^4];
        if (BinaryPrimitives.ReadUInt32BigEndian(body) != Magic)
            throw TarnException.Corrupted($"The deletion vector begins with {Convert.ToHexString(body[..4])} and not with {Magic:X8}.");
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(blob[^4..]), actual = Crc32.Compute(body);
        if (stored != actual)
            throw TarnException.Corrupted($"The deletion vector has checksum 0x{stored:X8}, its content 0x{actual:X8}.");
        return RoaringReader.Read(body[4..]);
    }
}
