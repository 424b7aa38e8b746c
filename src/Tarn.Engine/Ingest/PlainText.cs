namespace Tarn.Engine.Ingest;

/// <summary>
/// Reads text in the one spelling that nearly all values have: <c>-12</c>, <c>1.50</c>, <c>2024-01-05</c>, <c>2024-01-05 10:11:12.5</c>, <c>2024-01-05T10:11:12Z</c>. What it
/// reads is exactly what the engine's cast gives; for any other spelling it gives no answer, neither that a text is a value nor that it is none.
/// </summary>
internal static class PlainText
{
    private const int MaxLongDigits = 18, MaxIntDigits = 9;

    // Whole numbers of up to 15 digits and powers of ten up to 10^22 are exact as doubles, so their quotient is the nearest double
    // (Clinger, "How to read floating point numbers accurately", 1990).
    private const int MaxDoubleDigits = 15;
    private const int DateBytes = 10, TimeBytes = 8, MaxTimeBytes = 15;
    private const int MaxZoneHours = 14; // of the Line Islands
    private const int UnixEpochDayNumber = 719_162; // DateOnly.DayNumber of 1970-01-01
    private const long MicrosPerSecond = 1_000_000, MicrosPerDay = 86_400 * MicrosPerSecond;

    private static ReadOnlySpan<double> PowersOfTen => [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>A whole number of up to 18 digits without leading zeros.</summary>
    public static bool TryLong(ReadOnlySpan<byte> text, out long value) => TryWhole(text, MaxLongDigits, out value);

    /// <summary>A whole number of up to 9 digits without leading zeros.</summary>
    public static bool TryInt(ReadOnlySpan<byte> text, out int value)
    {
        bool isPlain = TryWhole(text, MaxIntDigits, out long number);
        value = (int)number;
        return isPlain;
    }

    /// <summary>A number of up to 15 digits, without exponent and leading zeros.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        bool isNegative = text is [(byte)'-', ..];
        var number = isNegative ? text[1..] : text;
        int point = number.IndexOf((byte)'.');
        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? [] : number[(point + 1)..];
        if (whole.Length + fraction.Length > MaxDoubleDigits || whole.Length == 0 || (point >= 0 && fraction.Length == 0) || whole is [(byte)'0', _, ..])
            return false;
        long digits = 0;
        if (!TryDigits(whole, ref digits) || !TryDigits(fraction, ref digits))
            return false;
        value = digits / PowersOfTen[fraction.Length];
        value = isNegative ? -value : value;
        return true;
    }

    /// <summary>A date of the years 1 to 9999 as days since 1970-01-01.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text.Length != DateBytes || text[4] != '-' || text[7] != '-')
            return false;
        long year = 0, month = 0, day = 0;
        if (!TryDigits(text[..4], ref year) || !TryDigits(text[5..7], ref month) || !TryDigits(text[8..], ref day))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth((int)year, (int)month))
            return false;
        days = new DateOnly((int)year, (int)month, (int)day).DayNumber - UnixEpochDayNumber;
        return true;
    }

    /// <summary>A time of the day with seconds and up to 6 digits of their fraction, as microseconds since midnight.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length is < TimeBytes or > MaxTimeBytes || text[2] != ':' || text[5] != ':')
            return false;
        long hours = 0, minutes = 0, seconds = 0, fraction = 0;
        if (!TryDigits(text[..2], ref hours) || !TryDigits(text[3..5], ref minutes) || !TryDigits(text[6..TimeBytes], ref seconds))
            return false;
        if (hours > 23 || minutes > 59 || seconds > 59 || !TryFraction(text[TimeBytes..], ref fraction))
            return false;
        micros = ((((hours * 60) + minutes) * 60 + seconds) * MicrosPerSecond) + fraction;
        return true;
    }

    /// <summary>A local time with its date, seconds and up to 6 digits of their fraction, as microseconds since 1970-01-01.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length <= DateBytes || text[DateBytes] is not ((byte)' ' or (byte)'T') || !TryDate(text[..DateBytes], out int days) || !TryTime(text[(DateBytes + 1)..], out micros))
            return false;
        micros += days * MicrosPerDay;
        return true;
    }

    /// <summary>The same with <c>Z</c>, <c>+02</c> or <c>+02:00</c> behind it, as microseconds since 1970-01-01 in UTC.</summary>
    public static bool TryTimestampTz(ReadOnlySpan<byte> text, out long micros)
    {
        long hours = 0, minutes = 0;
        int zone = text switch
        {
            [.., (byte)'Z'] => 1,
            [.., (byte)'+' or (byte)'-', _, _] => 3,
            [.., (byte)'+' or (byte)'-', _, _, (byte)':', _, _] => 6,
            _ => 0,
        };
        micros = 0;
        if (zone == 0 || !TryTimestamp(text[..^zone], out micros))
            return false;
        if (zone > 1 && (!TryDigits(text[^(zone - 1)..][..2], ref hours) || (zone > 3 && !TryDigits(text[^2..], ref minutes)) || hours > MaxZoneHours || minutes > 59))
            return false;
        micros -= ((hours * 60) + minutes) * 60 * MicrosPerSecond * (text[^zone] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryWhole(ReadOnlySpan<byte> text, int maxDigits, out long value)
    {
        value = 0;
        bool isNegative = text is [(byte)'-', ..];
        var digits = isNegative ? text[1..] : text;
        if (digits.Length == 0 || digits.Length > maxDigits || (digits[0] == '0' && text.Length > 1) || !TryDigits(digits, ref value))
            return false;
        value = isNegative ? -value : value;
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, ref long micros)
    {
        const int microDigits = 6;
        if (text.Length == 0)
            return true;
        if (text is not [(byte)'.', _, ..] || !TryDigits(text[1..], ref micros))
            return false;
        for (int digits = text.Length - 1; digits < microDigits; digits++)
            micros *= 10;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, ref long value)
    {
        foreach (byte character in text)
        {
            uint digit = (uint)(character - '0');
            if (digit > 9)
                return false;
            value = (value * 10) + digit;
        }

        return true;
    }
}
