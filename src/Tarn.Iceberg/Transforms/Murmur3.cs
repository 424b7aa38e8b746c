using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Tarn.Core.Values;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transforms;

/// <summary>32-bit Murmur3, x86 variant, seed 0 (specification, Appendix B).</summary>
public static class Murmur3
{
    private const uint C1 = 0xcc9e2d51;
    private const uint C2 = 0x1b873593;

    /// <summary>Hash of bytes.</summary>
    public static int Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 0;
        var rest = bytes;
        for (; rest.Length >= 4; rest = rest[4..])
            hash = Mix(hash, BinaryPrimitives.ReadUInt32LittleEndian(rest));
        uint tail = 0;
        for (int i = rest.Length - 1; i >= 0; i--)
            tail = (tail << 8) | rest[i];
        hash ^= Scramble(tail);
        return Finish(hash, bytes.Length);
    }

    /// <summary>Hash of the eight little-endian bytes of a number; ints, dates, times and timestamps hash as long.</summary>
    public static int Hash(long value)
    {
        uint hash = Mix(0, (uint)value);
        return Finish(Mix(hash, (uint)(value >> 32)), 8);
    }

    /// <summary>Hash of the UTF-8 bytes.</summary>
    public static int Hash(string value)
    {
        Span<byte> buffer = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(value, buffer, out int length) ? Hash(buffer[..length]) : Hash(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Hash of the 16 big-endian bytes.</summary>
    public static int Hash(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Hash(bytes);
    }

    /// <summary>Hash of the shortest two's-complement big-endian bytes of the unscaled value.</summary>
    public static int Hash(Decimal38 value)
    {
        Span<byte> bytes = stackalloc byte[17];
        ((BigInteger)value.Unscaled).TryWriteBytes(bytes, out int length, isBigEndian: true);
        return Hash(bytes[..length]);
    }

    /// <summary>Hash of the bits of a double: NaN canonical, -0.0 as 0.0. Floats hash as the double of their value.</summary>
    public static int Hash(double value) =>
        Hash(double.IsNaN(value) ? 0x7ff8000000000000L : value == 0 ? 0L : BitConverter.DoubleToInt64Bits(value));

    /// <summary>Hash of a value held as <see cref="LiteralValue"/> says; nanosecond timestamps must be given as microseconds.</summary>
    /// <exception cref="ArgumentException">The value is nested.</exception>
    public static int HashValue(object value) => value switch
    {
        int v => Hash((long)v),
        long v => Hash(v),
        string v => Hash(v),
        byte[] v => Hash(v),
        Guid v => Hash(v),
        Decimal38 v => Hash(v),
        bool v => Hash(v ? 1L : 0L),
        float v => Hash((double)v),
        double v => Hash(v),
        _ => throw new ArgumentException($"Values of {value.GetType()} have no hash.", nameof(value)),
    };

    private static uint Scramble(uint block) => BitOperations.RotateLeft(block * C1, 15) * C2;

    private static uint Mix(uint hash, uint block) => (BitOperations.RotateLeft(hash ^ Scramble(block), 13) * 5) + 0xe6546b64;

    private static int Finish(uint hash, int length)
    {
        hash ^= (uint)length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return (int)(hash ^ (hash >> 16));
    }
}
