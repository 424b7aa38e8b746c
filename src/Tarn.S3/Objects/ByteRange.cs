using System.Globalization;

namespace Tarn.S3.Objects;

/// <summary>A part of an object's bytes.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads a header <c>Range</c> (RFC 9110 §14.2): <c>bytes=a-b</c>, <c>bytes=a-</c> or <c>bytes=-n</c>. Null, which means everything, for another unit,
    /// several ranges or broken syntax, all of which S3 ignores.
    /// </summary>
    /// <param name="header">The header's value.</param>
    /// <param name="size">Size of the object in bytes.</param>
    /// <param name="isSatisfiable">False when the range lies behind the end: the answer is 416.</param>
    public static ByteRange? Parse(string? header, long size, out bool isSatisfiable)
    {
        isSatisfiable = true;
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header.AsSpan(Unit.Length).Trim();
        int dash = text.IndexOf('-');
        if (dash < 0 || !TryNumber(text[..dash], out long? first) || !TryNumber(text[(dash + 1)..], out long? last))
            return null;
        if (first is { } offset)
        {
            if (last < offset)
                return null;
            isSatisfiable = offset < size;
            return new(offset, Math.Min(last ?? long.MaxValue, size - 1) - offset + 1);
        }

        if (last is not { } suffix)
            return null;
        isSatisfiable = suffix > 0 && size > 0;
        return new(Math.Max(0, size - suffix), Math.Min(suffix, size));
    }

    // At most 19 digits; a number beyond 64 bits is behind the end of every object.
    private static bool TryNumber(ReadOnlySpan<char> digits, out long? number)
    {
        number = null;
        if (digits.IsEmpty)
            return true;
        if (digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        number = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : long.MaxValue;
        return true;
    }
}
