using System.Globalization;
using System.Text.RegularExpressions;

namespace Tarn.Iceberg.Expressions;

/// <summary>Reads ISO 8601 dates, times and timestamps; years of four digits or more with sign, fractions of up to nine digits.</summary>
internal static partial class IsoText
{
    private const long NanosPerSecond = 1_000_000_000;

    /// <summary>Days from 1970-01-01 of <c>2017-11-16</c>; null when it is no date.</summary>
    public static int? Date(string text) => DatePattern().Match(text) is { Success: true } m && Days(m) is { } days && days == (int)days ? (int)days : null;

    /// <summary>Microseconds from midnight of <c>22:31:08.000001</c>; null when it is no time.</summary>
    public static long? Time(string text) => TimePattern().Match(text) is { Success: true } m && NanosOfDay(m) is { } nanos ? nanos / 1000 : null;

    /// <summary>
    /// Nanoseconds from the epoch of <c>2017-11-16T22:31:08.000001[+00:00]</c>; null when it is no timestamp, or when it has no offset but
    /// <paramref name="zoned"/> needs one, or the other way round.
    /// </summary>
    public static Int128? Timestamp(string text, bool zoned)
    {
        var match = TimestampPattern().Match(text);
        if (!match.Success || Days(match) is not { } days || NanosOfDay(match) is not { } nanos)
            return null;
        var zone = match.Groups["zone"];
        if (zone.Success != zoned)
            return null;
        long offsetSeconds = !zone.Success || zone.Value is "Z" or "z" ? 0 : OffsetSeconds(zone.Value);
        return ((((Int128)days * 86_400) - offsetSeconds) * NanosPerSecond) + nanos;
    }

    private static long? Days(Match match)
    {
        long year = long.Parse(match.Groups["y"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int month = Number(match, "m"), day = Number(match, "d");
        // The calendar repeats every 400 years (146,097 days); DateOnly knows the years 1 to 9999.
        long cycle = Transforms.TimeTransforms.FloorDiv(year, 400);
        int inCycle = (int)(year - (cycle * 400)) + 400;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(inCycle, month))
            return null;
        return new DateOnly(inCycle, month, day).DayNumber - 719_162 + ((cycle - 1) * 146_097);
    }

    private static long? NanosOfDay(Match match)
    {
        int hour = Number(match, "h"), minute = Number(match, "i");
        int second = match.Groups["s"].Success ? Number(match, "s") : 0;
        if (hour > 23 || minute > 59 || second > 59)
            return null;
        long fraction = match.Groups["f"].Success ? long.Parse(match.Groups["f"].Value.PadRight(9, '0'), CultureInfo.InvariantCulture) : 0;
        return ((((hour * 60L) + minute) * 60) + second) * NanosPerSecond + fraction;
    }

    private static long OffsetSeconds(string zone)
    {
        string digits = zone[1..].Replace(":", "", StringComparison.Ordinal).PadRight(6, '0');
        long seconds = (int.Parse(digits.AsSpan(0, 2), CultureInfo.InvariantCulture) * 3600L)
            + (int.Parse(digits.AsSpan(2, 2), CultureInfo.InvariantCulture) * 60L) + int.Parse(digits.AsSpan(4, 2), CultureInfo.InvariantCulture);
        return zone[0] == '-' ? -seconds : seconds;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<y>[+-]?\d{4,9})-(?<m>\d\d)-(?<d>\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex DatePattern();

    [GeneratedRegex(@"^(?<h>\d\d):(?<i>\d\d)(:(?<s>\d\d)(\.(?<f>\d{1,9}))?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"^(?<y>[+-]?\d{4,9})-(?<m>\d\d)-(?<d>\d\d)[Tt ](?<h>\d\d):(?<i>\d\d)(:(?<s>\d\d)(\.(?<f>\d{1,9}))?)?(?<zone>[Zz]|[+-]\d\d(:?\d\d(:?\d\d)?)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimestampPattern();
}
