using System.Buffers.Binary;
using System.Numerics;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>The 32-bit xxHash, the checksum of LZ4 frames (lz4_Frame_format.md).</summary>
public static class XxHash32
{
    private const uint Prime1 = 0x9E3779B1;
    private const uint Prime2 = 0x85EBCA77;
    private const uint Prime3 = 0xC2B2AE3D;
    private const uint Prime4 = 0x27D4EB2F;
    private const uint Prime5 = 0x165667B1;
    private const int StripeBytes = 16;

    /// <summary>The hash of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        uint length = (uint)data.Length;
        uint hash = data.Length >= StripeBytes ? HashStripes(ref data, seed) : seed + Prime5;
        hash += length;
        for (; data.Length >= 4; data = data[4..])
            hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3), 17) * Prime4;
        foreach (byte b in data)
            hash = BitOperations.RotateLeft(hash + (b * Prime5), 11) * Prime1;
        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    private static uint HashStripes(ref ReadOnlySpan<byte> data, uint seed)
    {
        uint a = unchecked(seed + Prime1 + Prime2), b = seed + Prime2, c = seed, d = seed - Prime1;
        for (; data.Length >= StripeBytes; data = data[StripeBytes..])
        {
            a = Round(a, data);
            b = Round(b, data[4..]);
            c = Round(c, data[8..]);
            d = Round(d, data[12..]);
        }

        return BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
    }

    private static uint Round(uint lane, ReadOnlySpan<byte> data) =>
        BitOperations.RotateLeft(lane + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime2), 13) * Prime1;
}
