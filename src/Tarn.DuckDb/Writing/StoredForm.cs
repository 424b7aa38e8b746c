using System.Numerics;

namespace Tarn.DuckDb.Writing;

/// <summary>Encodes the types that DuckDB stores as bytes of its own form.</summary>
internal static class StoredForm
{
    /// <summary>BIT: a byte that counts the unused bits, then the bits, first bit highest; unused bits are the first ones and set.</summary>
    internal static byte[] OfBits(string bits)
    {
        if (bits.Length == 0 || bits.AsSpan().ContainsAnyExcept('0', '1'))
            throw new FormatException();
        var length = (bits.Length + 7) / 8;
        var unused = length * 8 - bits.Length;
        var stored = new byte[1 + length];
        stored[0] = (byte)unused;
        for (var bit = 0; bit < length * 8; bit++)
            if (bit < unused || bits[bit - unused] == '1')
                stored[1 + bit / 8] |= (byte)(0x80 >> (bit % 8));
        return stored;
    }

    /// <summary>
    /// BIGNUM: three bytes with the number of bytes and the highest bit set, then the magnitude, highest byte first; all bits inverted
    /// when negative, so that the order of the bytes is the order of the numbers.
    /// </summary>
    internal static byte[] OfBigNum(BigInteger value)
    {
        const int headerLength = 3;
        var magnitude = BigInteger.Abs(value).ToByteArray(isUnsigned: true, isBigEndian: true);
        var stored = new byte[headerLength + magnitude.Length];
        var header = magnitude.Length | 0x80_0000;
        stored[0] = (byte)(header >> 16);
        stored[1] = (byte)(header >> 8);
        stored[2] = (byte)header;
        magnitude.CopyTo(stored, headerLength);
        if (value.Sign < 0)
            for (var i = 0; i < stored.Length; i++)
                stored[i] = (byte)~stored[i];
        return stored;
    }
}
