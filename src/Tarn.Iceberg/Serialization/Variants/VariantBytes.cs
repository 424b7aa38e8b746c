using System.Globalization;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Variants;

/// <summary>Reads the parts of encoded variants; every offset is checked.</summary>
internal static class VariantBytes
{
    /// <summary>A little-endian number of one to four bytes.</summary>
    public static int Unsigned(ReadOnlySpan<byte> bytes, long at, int size)
    {
        uint value = 0;
        var stored = Slice(bytes, at, size);
        for (int i = size - 1; i >= 0; i--)
            value = (value << 8) | stored[i];
        return value <= int.MaxValue ? (int)value : throw Damaged(string.Create(CultureInfo.InvariantCulture, $"a number at byte {at} is {value}"));
    }

    /// <summary>Some of the bytes.</summary>
    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, long at, long length) => at >= 0 && length >= 0 && at + length <= bytes.Length
        ? bytes.Slice((int)at, (int)length)
        : throw Damaged(string.Create(CultureInfo.InvariantCulture, $"{length} bytes are expected at byte {at} of {bytes.Length}"));

    public static TarnException Damaged(string why) => TarnException.Corrupted($"A variant is damaged: {why}. Restore its data file.");
}
