using System.Globalization;
using Tarn.Iceberg.Serialization.SingleValue;

namespace Tarn.Iceberg.Expressions;

/// <summary>Reads dates, times and timestamps of literals: as ISO 8601, also with a blank for <c>T</c> and any offset.</summary>
internal static class TemporalText
{
    /// <summary>Days from 1970-01-01; null when the text is no date.</summary>
    public static int? Date(string text) => IsoText.TryParseDate(text, out int days) ? days : null;

    /// <summary>Microseconds from midnight; null when the text is no time.</summary>
    public static long? Time(string text) => IsoText.TryParseTime(text, out long nanos) ? nanos / 1000 : null;

    /// <summary>
    /// Nanoseconds from the epoch; null when the text is no timestamp, or when it has no offset but <paramref name="zoned"/> needs one,
    /// or the other way round.
    /// </summary>
    public static Int128? Timestamp(string text, bool zoned)
    {
        string iso = text.Length > 10 && text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank ? $"{text[..blank]}T{text[(blank + 1)..]}" : text;
        int zone = ZoneStart(iso);
        if ((zone < iso.Length) != zoned || !TryParseOffset(iso.AsSpan(zone), out long offsetSeconds))
            return null;
        return IsoText.TryParseTimestamp(iso.AsSpan(0, zone), zoned: false, out int days, out long nanos)
            ? ((Int128)days * IsoText.NanosPerDay) + nanos - ((Int128)offsetSeconds * 1_000_000_000)
            : null;
    }

    private static int ZoneStart(string iso)
    {
        int time = iso.IndexOf('T', StringComparison.Ordinal) + 1;
        int zone = iso.AsSpan(time).IndexOfAny('Z', '+', '-');
        return zone < 0 ? iso.Length : time + zone;
    }

    // Z, ±hh, ±hh:mm, ±hhmm, ±hh:mm:ss
    private static bool TryParseOffset(ReadOnlySpan<char> zone, out long seconds)
    {
        seconds = 0;
        if (zone is "" or "Z")
            return true;
        string digits = zone[1..].ToString().Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is not (2 or 4 or 6) || !int.TryParse(digits.PadRight(6, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out int packed))
            return false;
        seconds = ((packed / 10_000) * 3600) + (packed / 100 % 100 * 60) + (packed % 100);
        if (zone[0] == '-')
            seconds = -seconds;
        return zone[0] != 'Z';
    }
}
