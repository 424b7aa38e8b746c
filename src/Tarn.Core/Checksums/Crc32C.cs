using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Tarn.Core.Checksums;

/// <summary>CRC-32C (Castagnoli), RFC 3720 appendix B.4: initial value and final xor 0xFFFFFFFF, reflected.</summary>
public static class Crc32C
{
    // One instruction for eight bytes waits for the one before; from here on folding is faster, where there is an instruction for it.
    private const int FoldedBytes = 1 << 10;

    /// <summary>The checksum of some bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> content) => Append(0, content);

    /// <summary>The checksum of bytes of which the first part has the checksum <paramref name="checksum"/> (0 for none).</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> content)
    {
        if (Pclmulqdq.IsSupported && content.Length >= FoldedBytes)
            return (uint)ReflectedCrc.Crc32C.Append(checksum, content);
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

    /// <summary>The checksum of two pieces together, from those of each: appending zeros is a linear map, squared for every bit of their number.</summary>
    /// <param name="first">Checksum of the first piece; 0 when it is empty.</param>
    /// <param name="second">Checksum of the second piece.</param>
    /// <param name="secondBytes">Length of the second piece.</param>
    public static uint Combine(uint first, uint second, long secondBytes)
    {
        if (first == 0)
            return second;
        uint[] zeros = OneZeroByte();
        for (long left = secondBytes; left > 0; left >>= 1)
        {
            if ((left & 1) == 1)
                first = Multiply(zeros, first);
            zeros = Square(zeros);
        }

        return first ^ second;
    }

    // Row i is what a register with only bit i set becomes when eight zero bits pass.
    private static uint[] OneZeroByte()
    {
        var rows = new uint[32];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = BitOperations.Crc32C(1u << i, (byte)0);
        return rows;
    }

    private static uint Multiply(uint[] rows, uint register)
    {
        uint product = 0;
        for (int i = 0; register != 0; i++, register >>= 1)
        {
            if ((register & 1) == 1)
                product ^= rows[i];
        }

        return product;
    }

    private static uint[] Square(uint[] rows) => Array.ConvertAll(rows, row => Multiply(rows, row));
}
