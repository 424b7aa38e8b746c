using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Foreign;

/// <summary>
/// Single values out of text, as Hive's LazySimpleSerDe understands them: what is no value of the type is null. Values are in the representation of
/// <see cref="Iceberg.Spec.LiteralValue"/>.
/// </summary>
internal static partial class HiveText
{
    private const long NanosPerMicro = 1000, MicrosPerDay = 86_400_000_000;

    // An exponent moves the point by so much at most. Whole digits beyond it and the precision cannot fit, and digits of the fraction beyond both and the
    // one that decides on rounding change nothing.
    private const int MaxExponent = DecimalType.MaxPrecision * 2, MaxDigits = MaxExponent + DecimalType.MaxPrecision + 1;

    // Java's, which is positive; .NET's is not, and the engine tells them apart.
    private static readonly double s_nan = BitConverter.Int64BitsToDouble(0x7FF8000000000000);

    /// <summary>The value of a text, or null when it is none.</summary>
    /// <param name="type">Type in Hive's words: the range of small integers counts.</param>
    /// <param name="target">The same as Iceberg's type.</param>
    /// <param name="text">The text.</param>
    public static object? Value(HiveType type, IcebergType target, string text) => type.Name switch
    {
        "string" or "varchar" or "char" => text,
        "boolean" => text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false : null,
        "tinyint" => Whole(text, sbyte.MinValue, sbyte.MaxValue) is { } value ? (int)value : null,
        "smallint" => Whole(text, short.MinValue, short.MaxValue) is { } value ? (int)value : null,
        "int" or "integer" => Whole(text, int.MinValue, int.MaxValue) is { } value ? (int)value : null,
        "bigint" => Whole(text, long.MinValue, long.MaxValue),
        "float" => Floating(text) is { } value ? (float)value : null,
        "double" => Floating(text),
        "decimal" => Number(text, (DecimalType)target),
        "date" => Date(text.Trim()),
        "timestamp" => Timestamp(text.Trim()),
        _ => null,
    };

    // A fraction is cut off, as LazyInteger does, but it has to be one; nothing before it is zero.
    private static long? Whole(string text, long least, long most)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0 && text.AsSpan(point + 1).ContainsAnyExceptInRange('0', '9'))
            return null;
        var whole = point < 0 ? text : text.AsSpan(0, point);
        if (whole is "" or "-" or "+" && point >= 0 && point + 1 < text.Length)
            return 0;
        return long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most ? value : null;
    }

    // Java's names of what is no number; .NET reads them in any case and under other names too.
    private static double? Floating(string text) => text.Trim() switch
    {
        "NaN" => s_nan,
        "Infinity" or "+Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var plain when plain.Length > 0 && (char.IsAsciiDigit(plain[^1]) || plain[^1] == '.') =>
            double.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value) ? value : null,
        _ => null,
    };

    // HiveDecimal: digits beyond the scale are rounded half away from zero; a number that does not fit is null.
    private static object? Number(string text, DecimalType type)
    {
        var digits = text.AsSpan();
        int exponentAt = digits.IndexOfAny('e', 'E'), exponent = 0;
        if (exponentAt >= 0 && (!int.TryParse(digits[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || exponent is < -MaxExponent or > MaxExponent))
            return null;
        digits = exponentAt < 0 ? digits : digits[..exponentAt];
        bool isNegative = digits is ['-', ..];
        digits = digits is ['-' or '+', ..] ? digits[1..] : digits;
        int point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return null;
        whole = whole.TrimStart('0');
        if (whole.Length > MaxDigits)
            return null;
        fraction = fraction[..Math.Min(fraction.Length, MaxDigits)];
        var unscaled = BigInteger.Parse(string.Concat("0", whole, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        int shift = type.Scale - (fraction.Length - exponent);
        var fitted = shift >= 0 ? unscaled * BigInteger.Pow(10, shift) : Rounded(unscaled, BigInteger.Pow(10, -shift));
        return fitted < BigInteger.Pow(10, type.Precision) ? new Decimal38((Int128)(isNegative ? -fitted : fitted), type.Scale) : null;
    }

    private static BigInteger Rounded(BigInteger value, BigInteger divisor)
    {
        var whole = BigInteger.DivRem(value, divisor, out var rest);
        return BigInteger.Abs(rest) * 2 >= divisor ? whole + value.Sign : whole;
    }

    // yyyy-m-d, with a time behind it or not. A day that the month does not have is none.
    private static object? Date(string text)
    {
        var match = DateForm().Match(text);
        string iso = $"{match.Groups[1].Value}-{match.Groups[2].Value.PadLeft(2, '0')}-{match.Groups[3].Value.PadLeft(2, '0')}";
        return match.Success && IsoText.TryParseDate(iso, out int days) ? days : null;
    }

    // yyyy-mm-dd hh:mm:ss[.f…]; the day alone is none. Digits beyond microseconds are cut off.
    private static object? Timestamp(string text)
    {
        if (text.Length < 19 || text[10] != ' ')
            return null;
        string iso = string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11));
        return IsoText.TryParseTimestamp(iso, zoned: false, out int days, out long nanos) ? (days * MicrosPerDay) + (nanos / NanosPerMicro) : null;
    }

    [GeneratedRegex(@"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?: .*)?\z")]
    private static partial Regex DateForm();
}
