using System.Globalization;
using Tarn.DuckDb.Types;

namespace Tarn.Output;

/// <summary>Values as text, for the forms that have no types of their own.</summary>
internal static class ValueText
{
    /// <summary>For people and CSV: times without zeros at their end, floating point with a point, nested values as JSON.</summary>
    /// <param name="type">Type of the value.</param>
    /// <param name="value">Not null.</param>
    public static string Of(DuckDbType type, object value) => value switch
    {
        string text => text,
        float or double => WithPoint(Floating(value)),
        DuckDbTimestamp timestamp => TemporalText.Short(TemporalText.Timestamp(timestamp, ' ')),
        long time when type.Id == DuckDbTypeId.Time => TemporalText.Short(TemporalText.Time(time, 6)),
        long time when type.Id == DuckDbTypeId.TimeNs => TemporalText.Short(TemporalText.Time(time, 9)),
        object?[] or KeyValuePair<string, object?>[] or KeyValuePair<object, object?>[] or DuckDbUnion => Json(type, value),
        _ => Exact(type, value),
    };

    /// <summary>Scalars in full precision; dates and times in ISO 8601; binary in hex.</summary>
    public static string Exact(DuckDbType type, object value) => value switch
    {
        string text => text,
        bool b => b ? "true" : "false",
        float or double => Floating(value),
        int days when type.Id == DuckDbTypeId.Date => TemporalText.Date(days),
        long time when type.Id == DuckDbTypeId.Time => TemporalText.Time(time, 6),
        long time when type.Id == DuckDbTypeId.TimeNs => TemporalText.Time(time, 9),
        DuckDbTimestamp timestamp => TemporalText.Timestamp(timestamp),
        DuckDbTimeTz time => TemporalText.TimeTz(time),
        DuckDbInterval interval => TemporalText.Interval(interval),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>The shortest digits that read back as the same value; <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>.</summary>
    public static string Floating(object value) =>
        value is float single ? single.ToString("R", CultureInfo.InvariantCulture) : ((double)value).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Whether people expect the values at the right edge of their column.</summary>
    public static bool IsNumber(DuckDbType type) => type.Id is DuckDbTypeId.TinyInt or DuckDbTypeId.SmallInt or DuckDbTypeId.Integer
        or DuckDbTypeId.BigInt or DuckDbTypeId.HugeInt or DuckDbTypeId.UTinyInt or DuckDbTypeId.USmallInt or DuckDbTypeId.UInteger
        or DuckDbTypeId.UBigInt or DuckDbTypeId.UHugeInt or DuckDbTypeId.BigNum or DuckDbTypeId.Float or DuckDbTypeId.Double or DuckDbTypeId.Decimal;

    /// <summary>Whether the values are days, times of day or moments.</summary>
    public static bool IsTime(DuckDbType type) => type.Id is DuckDbTypeId.Date or DuckDbTypeId.Time or DuckDbTypeId.TimeNs or DuckDbTypeId.TimeTz or DuckDbTypeId.Timestamp
        or DuckDbTypeId.TimestampS or DuckDbTypeId.TimestampMs or DuckDbTypeId.TimestampNs or DuckDbTypeId.TimestampTz;

    private static string WithPoint(string digits) => digits.AsSpan().ContainsAnyExceptInRange('0', '9') && !IsNegativeInteger(digits) ? digits : digits + ".0";

    private static bool IsNegativeInteger(string digits) => digits[0] == '-' && !digits.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    private static string Json(DuckDbType type, object value)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        JsonText.Write(text, type, value);
        return text.ToString();
    }
}
