using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tarn.Core.Checksums;

/// <summary>
/// A cyclic redundancy check of 32 or 64 bits in the reflected form (least significant bit first), with initial value and final xor of all ones.
/// Long inputs are folded 512 bits at a time with carry-less multiplication where the processor has it ("Fast CRC Computation for Generic Polynomials
/// Using PCLMULQDQ", Gopal et al.), else eight tables take eight bytes a step. The constants are computed from the polynomial.
/// </summary>
public sealed class ReflectedCrc
{
    // Below this the tables are as fast as folding.
    private const int FoldMinimumBytes = 256;
    private const int LaneBytes = 16, StepBytes = 4 * LaneBytes;

    private readonly ulong _polynomial, _mask;
    private readonly int _width;
    private readonly ulong[] _tables = new ulong[8 * 256];
    private readonly Vector128<ulong> _foldStep, _foldLane;

    /// <summary>Prepares the tables of a polynomial.</summary>
    /// <param name="width">32 or 64.</param>
    /// <param name="polynomial">The polynomial without its highest term, bits reversed.</param>
    public ReflectedCrc(int width, ulong polynomial)
    {
        (_width, _polynomial, _mask) = (width, polynomial, width == 64 ? ulong.MaxValue : (1UL << width) - 1);
        for (uint i = 0; i < 256; i++)
            _tables[i] = TimesX(i, 8);
        for (int i = 256; i < _tables.Length; i++)
            _tables[i] = _tables[_tables[i - 256] & 255] ^ (_tables[i - 256] >> 8);
        _foldStep = FoldConstants(8 * StepBytes);
        _foldLane = FoldConstants(8 * LaneBytes);
    }

    /// <summary>CRC-32 of ISO-HDLC (zlib, PNG), polynomial 0x04C11DB7.</summary>
    public static ReflectedCrc Crc32 { get; } = new(32, 0xEDB88320);

    /// <summary>CRC-32C (Castagnoli), RFC 3720 appendix B.4, polynomial 0x1EDC6F41.</summary>
    public static ReflectedCrc Crc32C { get; } = new(32, 0x82F63B78);

    /// <summary>CRC-64/NVME, NVM Express NVM Command Set Specification §5.2.1.3.4, polynomial 0xAD93D23594C93659.</summary>
    public static ReflectedCrc Crc64Nvme { get; } = new(64, 0x9A6C9329AC4BC9B5);

    /// <summary>Size of the checksum in bytes.</summary>
    public int SizeBytes => _width / 8;

    /// <summary>The checksum of bytes of which the first part has the checksum <paramref name="checksum"/> (0 for none).</summary>
    public ulong Append(ulong checksum, ReadOnlySpan<byte> content)
    {
        ulong state = ~checksum & _mask;
        if (Pclmulqdq.IsSupported && content.Length >= FoldMinimumBytes)
            state = Fold(state, ref content);
        return ~Tables(state, content) & _mask;
    }

    /// <summary>The checksum of two parts, given the checksum of each and the length of the second.</summary>
    public ulong Combine(ulong first, ulong second, long secondLengthBytes)
    {
        // x^8 squared again and again gives x^(8·2^k); the length's bits choose the factors.
        ulong shift = 1UL << (_width - 1), power = TimesX(shift, 8);
        for (long length = secondLengthBytes; length > 0; length >>= 1)
        {
            if ((length & 1) != 0)
                shift = Multiply(shift, power);
            power = Multiply(power, power);
        }

        return Multiply(first, shift) ^ second;
    }

    private ulong Tables(ulong state, ReadOnlySpan<byte> content)
    {
        ref ulong tables = ref MemoryMarshal.GetArrayDataReference(_tables);
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
        {
            ulong word = state ^ BinaryPrimitives.ReadUInt64LittleEndian(content);
            state = Entry(ref tables, 7, word) ^ Entry(ref tables, 6, word >> 8) ^ Entry(ref tables, 5, word >> 16) ^ Entry(ref tables, 4, word >> 24)
                ^ Entry(ref tables, 3, word >> 32) ^ Entry(ref tables, 2, word >> 40) ^ Entry(ref tables, 1, word >> 48) ^ Entry(ref tables, 0, word >> 56);
        }

        foreach (byte value in content)
            state = _tables[(byte)(state ^ value)] ^ (state >> 8);
        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Entry(ref ulong tables, int table, ulong word) => Unsafe.Add(ref tables, (table * 256) + (byte)word);

    // Four lanes of 128 bits each move 512 bits on per step; then the lanes are folded into one, whose 16 bytes go through the tables.
    private ulong Fold(ulong state, ref ReadOnlySpan<byte> content)
    {
        var words = MemoryMarshal.Cast<byte, Vector128<ulong>>(content);
        Vector128<ulong> a = words[0] ^ Vector128.CreateScalar(state), b = words[1], c = words[2], d = words[3];
        int at = 4;
        for (; at + 4 <= words.Length; at += 4)
        {
            a = Fold(a, _foldStep) ^ words[at];
            b = Fold(b, _foldStep) ^ words[at + 1];
            c = Fold(c, _foldStep) ^ words[at + 2];
            d = Fold(d, _foldStep) ^ words[at + 3];
        }

        var one = Fold(Fold(Fold(a, _foldLane) ^ b, _foldLane) ^ c, _foldLane) ^ d;
        content = content[(at * LaneBytes)..];
        Span<byte> rest = stackalloc byte[LaneBytes];
        MemoryMarshal.Write(rest, one);
        return Tables(0, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> value, Vector128<ulong> constants)
        => Pclmulqdq.CarrylessMultiply(value, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, constants, 0x11);

    // The first 64 bits of a lane are its higher powers. A product of two reflected words is one power of x too high, hence the -1.
    private Vector128<ulong> FoldConstants(int bits)
        => Vector128.Create(Power(bits + 64 - 1) << (64 - _width), Power(bits - 1) << (64 - _width));

    private ulong Power(int exponent) => TimesX(1UL << (_width - 1), exponent);

    private ulong TimesX(ulong value, int times)
    {
        for (int i = 0; i < times; i++)
            value = (value & 1) != 0 ? (value >> 1) ^ _polynomial : value >> 1;
        return value;
    }

    private ulong Multiply(ulong a, ulong b)
    {
        ulong product = 0;
        for (ulong bit = 1UL << (_width - 1); bit != 0; bit >>= 1, b = TimesX(b, 1))
        {
            if ((a & bit) != 0)
                product ^= b;
        }

        return product;
    }
}
