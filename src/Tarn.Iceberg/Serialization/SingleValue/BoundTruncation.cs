using System.Text;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.SingleValue;

/// <summary>
/// Shortens bounds that writers store ("Data File Fields", lower_bounds and upper_bounds): a lower bound is cut, an upper bound is cut and
/// its last unit that can grow is incremented.
/// </summary>
public static class BoundTruncation
{
    /// <summary>Code points or bytes kept when the table does not say otherwise.</summary>
    public const int DefaultLength = 16;

    /// <summary>The lower bound to store for the smallest value; types without truncation are returned as they are.</summary>
    public static object Lower(IcebergType type, object value, int length = DefaultLength) => (type.Id, value) switch
    {
        (TypeId.String, string text) => LowerString(text, length),
        (TypeId.Binary or TypeId.Fixed, byte[] bytes) => LowerBinary(bytes, length),
        _ => value,
    };

    /// <summary>The upper bound to store for the largest value; null when there is none of this length.</summary>
    public static object? Upper(IcebergType type, object value, int length = DefaultLength) => (type.Id, value) switch
    {
        (TypeId.String, string text) => UpperString(text, length),
        (TypeId.Binary or TypeId.Fixed, byte[] bytes) => UpperBinary(bytes, length),
        _ => value,
    };

    /// <summary>The first <paramref name="length"/> code points.</summary>
    public static string LowerString(string value, int length = DefaultLength) => value[..CodePointOffset(value, length)];

    /// <summary>A text of at most <paramref name="length"/> code points that is not smaller; null when every code point is the last one.</summary>
    public static string? UpperString(string value, int length = DefaultLength)
    {
        int end = CodePointOffset(value, length);
        if (end == value.Length)
            return value;
        while (end > 0)
        {
            int start = end - (end > 1 && char.IsSurrogatePair(value[end - 2], value[end - 1]) ? 2 : 1);
            if (Rune.TryGetRuneAt(value, start, out Rune rune) && rune.Value < 0x10FFFF)
            {
                // Surrogates are no scalar values: U+D7FF is followed by U+E000.
                var next = new Rune(rune.Value == 0xD7FF ? 0xE000 : rune.Value + 1);
                return value[..start] + next;
            }

            end = start;
        }

        return null;
    }

    /// <summary>The first <paramref name="length"/> bytes.</summary>
    public static byte[] LowerBinary(byte[] value, int length = DefaultLength) => value.Length <= length ? value : value[..length];

    /// <summary>At most <paramref name="length"/> bytes that are not smaller; null when every byte is 0xff.</summary>
    public static byte[]? UpperBinary(byte[] value, int length = DefaultLength)
    {
        if (value.Length <= length)
            return value;
        int last = length - 1;
        while (last >= 0 && value[last] == 0xFF)
            last--;
        if (last < 0)
            return null;
        byte[] bound = value[..(last + 1)];
        bound[last]++;
        return bound;
    }

    /// <summary>The offset in chars after <paramref name="count"/> code points, at most the length of the text.</summary>
    internal static int CodePointOffset(string value, int count)
    {
        int offset = 0;
        for (; count > 0 && offset < value.Length; count--)
            offset += offset + 1 < value.Length && char.IsSurrogatePair(value[offset], value[offset + 1]) ? 2 : 1;
        return offset;
    }
}
