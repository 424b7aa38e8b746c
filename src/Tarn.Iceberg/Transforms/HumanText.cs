using System.Globalization;
using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transforms;

/// <summary>Partition values as people read them, in the exact form of the reference implementation, because it stands in paths.</summary>
internal static class HumanText
{
    public static string Of(Transform transform, IcebergType resultType, object? value) => (transform.Kind, value) switch
    {
        (_, null) => "null",
        (TransformKind.Year, int years) => Year(1970 + years),
        (TransformKind.Month, int months) => Month(months),
        (TransformKind.Hour, int hours) => Hour(hours),
        _ => OfValue(resultType, value),
    };

    private static string OfValue(IcebergType type, object value) => (type.Id, value) switch
    {
        (TypeId.Date, int days) => Day(days),
        (TypeId.Time, long micros) => Time(micros),
        (TypeId.Timestamp, long micros) => Timestamp(micros, 1_000_000),
        (TypeId.TimestampTz, long micros) => Timestamp(micros, 1_000_000) + "+00:00",
        (TypeId.TimestampNs, long nanos) => Timestamp(nanos, 1_000_000_000),
        (TypeId.TimestampTzNs, long nanos) => Timestamp(nanos, 1_000_000_000) + "+00:00",
        (_, bool b) => b ? "true" : "false",
        (_, byte[] bytes) => Convert.ToBase64String(bytes),
        (_, Decimal38 number) => Decimal(number),
        (_, float number) => Floating(number.ToString("E8", CultureInfo.InvariantCulture), number.ToString("R", CultureInfo.InvariantCulture), number),
        (_, double number) => Floating(number.ToString("E16", CultureInfo.InvariantCulture), number.ToString("R", CultureInfo.InvariantCulture), number),
        (_, IFormattable formattable) => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Year(long year) => year < 0 ? string.Create(CultureInfo.InvariantCulture, $"-{-year:000}") : year.ToString("0000", CultureInfo.InvariantCulture);

    private static string Month(int months)
    {
        long years = TimeTransforms.FloorDiv(months, 12);
        return string.Create(CultureInfo.InvariantCulture, $"{Year(1970 + years)}-{months - (years * 12) + 1:00}");
    }

    private static string Day(long days)
    {
        var (year, month, day) = TimeTransforms.Civil(days);
        return string.Create(CultureInfo.InvariantCulture, $"{Year(year)}-{month:00}-{day:00}");
    }

    private static string Hour(int hours)
    {
        long days = TimeTransforms.FloorDiv(hours, 24);
        return string.Create(CultureInfo.InvariantCulture, $"{Day(days)}-{hours - (days * 24):00}");
    }

    // A time of day leaves out zero seconds and writes fractions in groups of three digits.
    private static string Time(long micros)
    {
        long seconds = micros / 1_000_000, fraction = micros % 1_000_000;
        string text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}");
        if (seconds % 60 == 0 && fraction == 0)
            return text;
        text += string.Create(CultureInfo.InvariantCulture, $":{seconds % 60:00}");
        return fraction == 0 ? text
            : fraction % 1000 == 0 ? text + string.Create(CultureInfo.InvariantCulture, $".{fraction / 1000:000}")
            : text + string.Create(CultureInfo.InvariantCulture, $".{fraction:000000}");
    }

    // A timestamp always writes seconds and only as many digits of the fraction as it needs.
    private static string Timestamp(long units, long unitsPerSecond)
    {
        long seconds = TimeTransforms.FloorDiv(units, unitsPerSecond);
        long fraction = units - (seconds * unitsPerSecond);
        long days = TimeTransforms.FloorDiv(seconds, 86_400);
        long second = seconds - (days * 86_400);
        string text = string.Create(CultureInfo.InvariantCulture, $"{Day(days)}T{second / 3600:00}:{second / 60 % 60:00}:{second % 60:00}");
        if (fraction == 0)
            return text;
        int digits = unitsPerSecond == 1_000_000 ? 6 : 9;
        return $"{text}.{fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0')}";
    }

    // Scientific form as soon as the first digit stands more than six places behind the point.
    private static string Decimal(Decimal38 value)
    {
        string digits = Int128.Abs(value.Unscaled).ToString(CultureInfo.InvariantCulture);
        int exponent = digits.Length - 1 - value.Scale;
        if (exponent >= -6)
            return value.ToString();
        string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{(value.Unscaled < 0 ? "-" : "")}{mantissa}E{exponent}");
    }

    // Shortest digits; plain between 1E-3 and 1E7, else scientific with at least one digit after the point.
    private static string Floating(string scientific, string shortest, double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";
        double size = Math.Abs(value);
        string digits = Digits(shortest);
        int exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string sign = value < 0 ? "-" : "";
        if (size is < 1e-3 or >= 1e7)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{(digits.Length == 1 ? "0" : digits[1..])}E{exponent}");
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string Digits(string shortest)
    {
        int e = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = e < 0 ? shortest : shortest[..e];
        return mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-').Trim('0') is { Length: > 0 } digits ? digits : "0";
    }
}
