using System.Globalization;
using System.Text;
using Tarn.DuckDb.Types;

namespace Tarn.Output;

/// <summary>Dates, times and intervals in ISO 8601, in the full precision of their type.</summary>
internal static class TemporalText
{
    private const long SecondsPerDay = 86_400;

    /// <summary><c>2024-03-01</c>, <c>infinity</c>, <c>-infinity</c>.</summary>
    public static string Date(int days) => days switch
    {
        int.MaxValue => "infinity",
        -int.MaxValue => "-infinity",
        _ => CivilDate.FromDays(days).ToString(),
    };

    /// <summary><c>10:20:30.123456</c>: as many digits as the unit has, also when they are zero.</summary>
    public static string Time(long sinceMidnight, int digits)
    {
        var (seconds, fraction) = Math.DivRem(sinceMidnight, PowerOfTen(digits));
        string text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}");
        return digits == 0 ? text : text + "." + fraction.ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary><c>10:20:30.123456+02:00</c>; seconds of the offset only when there are some.</summary>
    public static string TimeTz(DuckDbTimeTz time)
    {
        int offset = Math.Abs(time.OffsetSeconds);
        string seconds = offset % 60 == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{offset % 60:D2}");
        return string.Create(CultureInfo.InvariantCulture, $"{Time(time.Micros, 6)}{(time.OffsetSeconds < 0 ? '-' : '+')}{offset / 3600:D2}:{offset / 60 % 60:D2}{seconds}");
    }

    /// <summary>
    /// <c>2024-03-01T10:20:30.123456</c>, an instant with <c>+00:00</c>: the form of Iceberg's JSON single-value serialization.
    /// With <paramref name="separator"/> blank the same without <c>T</c>. What the engine takes for the infinities of nanoseconds are in tables the ends of that type's range.
    /// </summary>
    public static string Timestamp(DuckDbTimestamp timestamp, char separator = 'T')
    {
        if (timestamp is { IsInfinite: true, Unit: not DuckDbTimestampUnit.Nanoseconds })
            return timestamp.Value > 0 ? "infinity" : "-infinity";
        int digits = Digits(timestamp.Unit);
        long perDay = SecondsPerDay * PowerOfTen(digits);
        long day = Math.DivRem(timestamp.Value, perDay, out long rest);
        if (rest < 0)
            (day, rest) = (day - 1, rest + perDay);
        return $"{CivilDate.FromDays(day)}{separator}{Time(rest, digits)}{(timestamp.WithTimeZone ? "+00:00" : "")}";
    }

    /// <summary>The time for people: without digits that are zero, an instant with <c>+00</c>.</summary>
    public static string Short(string iso)
    {
        int zone = iso.EndsWith("+00:00", StringComparison.Ordinal) ? iso.Length - 6 : iso.Length;
        string time = iso[..zone];
        if (time.Contains('.', StringComparison.Ordinal))
            time = time.TrimEnd('0').TrimEnd('.');
        return zone < iso.Length ? time + "+00" : time;
    }

    /// <summary>ISO 8601 duration: <c>P1Y2M3DT4H5M6.5S</c>; each part has its own sign; <c>PT0S</c> when all are zero.</summary>
    public static string Interval(DuckDbInterval interval)
    {
        var text = new StringBuilder("P");
        Append(text, interval.Months / 12, 'Y');
        Append(text, interval.Months % 12, 'M');
        Append(text, interval.Days, 'D');
        if (interval.Micros != 0)
        {
            text.Append('T');
            Append(text, interval.Micros / 3_600_000_000, 'H');
            Append(text, interval.Micros / 60_000_000 % 60, 'M');
            AppendSeconds(text, interval.Micros % 60_000_000);
        }

        return text.Length == 1 ? "PT0S" : text.ToString();
    }

    private static void AppendSeconds(StringBuilder text, long micros)
    {
        if (micros == 0)
            return;
        var (seconds, fraction) = Math.DivRem(Math.Abs(micros), 1_000_000);
        text.Append(micros < 0 ? "-" : "").Append(seconds);
        if (fraction != 0)
            text.Append('.').Append(fraction.ToString("D6", CultureInfo.InvariantCulture).TrimEnd('0'));
        text.Append('S');
    }

    private static void Append(StringBuilder text, long value, char unit)
    {
        if (value != 0)
            text.Append(value).Append(unit);
    }

    private static int Digits(DuckDbTimestampUnit unit) => unit switch
    {
        DuckDbTimestampUnit.Seconds => 0,
        DuckDbTimestampUnit.Milliseconds => 3,
        DuckDbTimestampUnit.Microseconds => 6,
        _ => 9,
    };

    private static long PowerOfTen(int digits) => digits switch { 0 => 1, 3 => 1_000, 6 => 1_000_000, _ => 1_000_000_000 };
}
