using System.Buffers.Binary;
using System.Numerics;

namespace Tarn.Core.Checksums;

/// <summary>CRC-32C (Castagnoli), RFC 3720 appendix B.4: initial value and final xor 0xFFFFFFFF, reflected.</summary>
public static class Crc32C
{
    /// <summary>The checksum of some bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> content) => Append(0, content);

    /// <summary>The checksum of bytes of which the first part has the checksum <paramref name="checksum"/> (0 for none).</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> content)
    {
        uint state = ~checksum;
        while (content.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(content));
            content = content[sizeof(ulong)..];
        }

        foreach (byte value in content)
            state = BitOperations.Crc32C(state, value);
        return ~state;
    }
}
