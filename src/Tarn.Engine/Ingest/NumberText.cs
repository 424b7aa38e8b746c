using System.Globalization;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Whether decimal numbers survive in binary ones. A fraction is the nearest binary one, as it is everywhere; a whole part must be that very number, and nothing may
/// become infinite or zero.
/// </summary>
internal static class NumberText
{
    // Every decimal of so many digits survives (FLT_DIG, DBL_DIG).
    private const int FloatDigits = 6, DoubleDigits = 15;

    /// <summary>False when a double is another number than the text, or none that is finite. Texts that are no decimal numbers are left to the cast.</summary>
    public static bool FitsDouble(ReadOnlySpan<byte> text)
    {
        var number = Trimmed(text);
        return !TryWhole(number, out var whole, out bool isPlain) || (isPlain && whole.Length <= DoubleDigits)
            || (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Is(value, number, isPlain ? whole : []));
    }

    /// <summary>The same for a float.</summary>
    public static bool FitsFloat(ReadOnlySpan<byte> text)
    {
        var number = Trimmed(text);
        return !TryWhole(number, out var whole, out bool isPlain) || (isPlain && whole.Length <= FloatDigits)
            || (float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && Is(value, number, isPlain ? whole : []));
    }

    // What the engine's cast leaves out too.
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text) => text.Trim(" \t\n\v\f\r"u8);

    private static bool Is(double value, ReadOnlySpan<byte> number, ReadOnlySpan<byte> whole) =>
        double.IsFinite(value)
        && (value != 0 || !HasDigit(number))
        && (whole.Length == 0 || (Int128.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var exact) && Int128.CreateSaturating(Math.Abs(value)) == exact));

    // A digit other than zero, before the exponent.
    private static bool HasDigit(ReadOnlySpan<byte> number)
    {
        int exponent = number.IndexOfAny("eE"u8);
        return (exponent < 0 ? number : number[..exponent]).IndexOfAnyInRange((byte)'1', (byte)'9') >= 0;
    }

    /// <summary>The digits before the point, without sign and zeros that lead, and whether there is no exponent; false for another spelling.</summary>
    private static bool TryWhole(ReadOnlySpan<byte> number, out ReadOnlySpan<byte> whole, out bool isPlain)
    {
        var digits = number is [(byte)'-' or (byte)'+', ..] ? number[1..] : number;
        int length = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        whole = (length < 0 ? digits : digits[..length]).TrimStart((byte)'0');
        isPlain = length < 0 || (digits[length] == '.' && digits[(length + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);
        return digits.Length > 0 && (isPlain || digits[length] is (byte)'.' or (byte)'e' or (byte)'E');
    }
}
