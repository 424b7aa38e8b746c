using System.Globalization;
using System.Text;

namespace Tarn.Iceberg.Serialization.SingleValue;

/// <summary>
/// ISO-8601 text of dates, times and timestamps as Appendix D writes them, over the whole range of the types:
/// years beyond 9999 carry a sign, years before 0 too (proleptic Gregorian calendar).
/// </summary>
public static class IsoText
{
    public const long MicrosPerDay = 86_400_000_000;
    public const long NanosPerDay = 86_400_000_000_000;

    /// <summary>Days from 1970-01-01 of <c>[±]yyyy-MM-dd</c>.</summary>
    public static bool TryParseDate(ReadOnlySpan<char> text, out int days)
    {
        days = 0;
        bool negative = text is ['-', ..];
        if (text is ['-', ..] or ['+', ..])
            text = text[1..];
        int dash = text.IndexOf('-');
        if (dash is < 4 or > 7 || text.Length != dash + 6 || text[dash + 3] != '-')
            return false;
        if (!Digits(text[..dash], out int year) || !Digits(text.Slice(dash + 1, 2), out int month) || !Digits(text.Slice(dash + 4, 2), out int day))
            return false;
        year = negative ? -year : year;
        if (month is < 1 or > 12 || day < 1 || day > DaysInMonth(year, month))
            return false;
        long result = DaysFromCivil(year, month, day);
        days = (int)result;
        return result == days;
    }

    /// <summary>Nanoseconds from midnight of <c>HH:mm[:ss[.f…]]</c>, up to nine digits of fraction.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long nanos)
    {
        nanos = 0;
        if (text.Length < 5 || text[2] != ':' || !Digits(text[..2], out int hour) || !Digits(text.Slice(3, 2), out int minute) || hour > 23 || minute > 59)
            return false;
        int second = 0, fraction = 0;
        if (text.Length > 5 && (text.Length < 8 || text[5] != ':' || !Digits(text.Slice(6, 2), out second) || second > 59))
            return false;
        if (text.Length > 8)
        {
            var digits = text[9..];
            if (text[8] != '.' || digits.Length is < 1 or > 9 || !Digits(digits, out fraction))
                return false;
            for (int i = digits.Length; i < 9; i++)
                fraction *= 10;
        }

        nanos = ((((hour * 60L) + minute) * 60) + second) * 1_000_000_000 + fraction;
        return true;
    }

    /// <summary>A timestamp as days and nanoseconds of the day; with <paramref name="zoned"/> it must end with an offset of zero, else it must have none.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, bool zoned, out int days, out long nanos)
    {
        (days, nanos) = (0, 0);
        int t = text.IndexOf('T');
        if (t < 0)
            return false;
        var time = text[(t + 1)..];
        if (zoned)
        {
            int suffix = time.EndsWith("+00:00") ? 6 : time.EndsWith("Z") ? 1 : 0;
            if (suffix == 0)
                return false;
            time = time[..^suffix];
        }

        return TryParseDate(text[..t], out days) && TryParseTime(time, out nanos);
    }

    /// <summary>Text of a date.</summary>
    public static string Date(long days)
    {
        var (year, month, day) = CivilFromDays(days);
        string sign = year > 9999 ? "+" : year < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{Math.Abs(year):0000}-{month:00}-{day:00}");
    }

    /// <summary>Text of a time of day with <paramref name="digits"/> (6 or 9) digits of fraction; <paramref name="units"/> counts in that unit.</summary>
    public static string Time(long units, int digits)
    {
        long perSecond = digits == 9 ? 1_000_000_000 : 1_000_000;
        var (seconds, fraction) = Math.DivRem(units, perSecond);
        var text = new StringBuilder(18);
        text.Append(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.");
        return text.Append(fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')).ToString();
    }

    /// <summary>Text of a timestamp counted in micro- or nanoseconds from 1970.</summary>
    public static string Timestamp(long units, int digits, bool zoned)
    {
        long perDay = digits == 9 ? NanosPerDay : MicrosPerDay;
        long days = Math.DivRem(units, perDay, out long rest);
        if (rest < 0)
            (days, rest) = (days - 1, rest + perDay);
        return $"{Date(days)}T{Time(rest, digits)}{(zoned ? "+00:00" : "")}";
    }

    // Days of the proleptic Gregorian calendar, counted in eras of 400 years that start on 1 March.
    private static long DaysFromCivil(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        long era = (year >= 0 ? year : year - 399) / 400;
        long yearOfEra = year - (era * 400);
        long dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        long dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146097) + dayOfEra - 719468;
    }

    private static (long Year, int Month, int Day) CivilFromDays(long days)
    {
        days += 719468;
        long era = (days >= 0 ? days : days - 146096) / 146097;
        long dayOfEra = days - (era * 146097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long shifted = ((5 * dayOfYear) + 2) / 153;
        int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool Digits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
