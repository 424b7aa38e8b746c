using System.Globalization;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Whether decimal numbers survive in binary ones: written with as many significant digits as the text has, the binary number says the same. A whole
/// number must be that very number.
/// </summary>
internal static class NumberText
{
    // Every decimal of so many digits survives (FLT_DIG, DBL_DIG), and no decimal of more than the other number does but by chance.
    private const int SafeFloatDigits = 6, MaxFloatDigits = 9, SafeDoubleDigits = 15, MaxDoubleDigits = 17;

    // Far enough from where numbers lose digits or end.
    private const int SafeFloatExponent = 30, SafeDoubleExponent = 290;
    private const int FormattedBytes = 32;
    private static readonly string[] Formats = [.. Enumerable.Range(0, MaxDoubleDigits).Select(i => $"E{i}")];

    /// <summary>False when a double is another number than the text, or none that is finite. Texts that are no decimal numbers are left to the cast.</summary>
    public static bool FitsDouble(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[MaxDoubleDigits];
        var number = text.Trim((byte)' ');
        if (!TryDigits(number, digits, out int count, out int exponent, out bool isWhole) || count == 0)
            return true;
        if (isWhole && exponent > SafeDoubleDigits)
            return false;
        if (count <= SafeDoubleDigits && Math.Abs((long)exponent) < SafeDoubleExponent)
            return true;
        return count <= MaxDoubleDigits && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && IsSame(value, digits[..count]);
    }

    /// <summary>The same for a float.</summary>
    public static bool FitsFloat(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[MaxDoubleDigits];
        var number = text.Trim((byte)' ');
        if (!TryDigits(number, digits, out int count, out int exponent, out bool isWhole) || count == 0)
            return true;
        if (count <= SafeFloatDigits && Math.Abs((long)exponent) < (isWhole ? SafeFloatDigits + 1 : SafeFloatExponent))
            return true;
        if (count > MaxFloatDigits || !float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) || !float.IsFinite(value))
            return false;
        return isWhole ? decimal.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal whole) && (double)whole == value : IsSame(value, digits[..count]);
    }

    private static bool IsSame(double value, ReadOnlySpan<byte> digits)
    {
        Span<byte> formatted = stackalloc byte[FormattedBytes];
        if (!Math.Abs(value).TryFormat(formatted, out _, Formats[digits.Length - 1], CultureInfo.InvariantCulture))
            return false;
        // d.dddE+xxx
        return formatted[0] == digits[0] && (digits.Length == 1 || formatted[2..(digits.Length + 1)].SequenceEqual(digits[1..]));
    }

    /// <summary>The significant digits, as far as there is room, how many they are, and the power of ten behind the first of them; false for another spelling.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> number, Span<byte> digits, out int count, out int exponent, out bool isWhole)
    {
        (count, exponent, isWhole) = (0, 0, true);
        int zeros = 0;
        bool hasDigits = false;
        int at = number is [(byte)'-' or (byte)'+', ..] ? 1 : 0;
        for (; at < number.Length && number[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            if (number[at] == '.' && isWhole)
            {
                isWhole = false;
                continue;
            }

            if (number[at] is < (byte)'0' or > (byte)'9')
                return false;
            hasDigits = true;
            bool isZero = number[at] == '0';
            exponent += (isWhole && (count > 0 || !isZero)) ? 1 : !isWhole && count == 0 && isZero ? -1 : 0;
            if (isZero)
            {
                zeros += count > 0 ? 1 : 0;
                continue;
            }

            for (; zeros > 0; zeros--)
                Put(digits, ref count, (byte)'0');
            Put(digits, ref count, number[at]);
        }

        return hasDigits && (at == number.Length || TryExponent(number[(at + 1)..], ref exponent, ref isWhole));
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, ref int exponent, ref bool isWhole)
    {
        isWhole = false;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int power))
            return text.Length > 0 && !text.ContainsAnyExcept("+-0123456789"u8) && Overflow(ref exponent);
        exponent = (int)Math.Clamp((long)exponent + power, int.MinValue / 2, int.MaxValue / 2);
        return true;
    }

    private static bool Overflow(ref int exponent)
    {
        exponent = int.MaxValue / 2;
        return true;
    }

    private static void Put(Span<byte> digits, ref int count, byte digit)
    {
        if (count < digits.Length)
            digits[count] = digit;
        count++;
    }
}
