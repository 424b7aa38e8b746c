using System.Buffers;

namespace Tarn.Storage.Buckets.Index;

/// <summary>Unsigned integers, seven bits a byte, lowest first; signed ones with their sign in the lowest bit.</summary>
internal static class VarInt
{
    public const int LongestBytes = 10;

    public static void Write(IBufferWriter<byte> target, ulong value)
    {
        var span = target.GetSpan(LongestBytes);
        target.Advance(Write(span, value));
    }

    public static int Write(Span<byte> target, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        return length;
    }

    public static void WriteSigned(IBufferWriter<byte> target, long value) => Write(target, (ulong)((value << 1) ^ (value >> 63)));

    /// <exception cref="FormatException">The bytes end inside the number, or it is longer than 64 bits.</exception>
    public static ulong Read(ReadOnlySpan<byte> source, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if ((uint)at >= (uint)source.Length)
                throw new FormatException("The bytes end inside a number.");
            byte part = source[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new FormatException("A number is longer than 64 bits.");
    }

    public static long ReadSigned(ReadOnlySpan<byte> source, ref int at)
    {
        ulong value = Read(source, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
