using System.Globalization;

namespace Tarn.Output;

/// <summary>A day of the proleptic Gregorian calendar, any year. Year 0 is 1 BC, as ISO 8601 counts.</summary>
internal readonly record struct CivilDate(long Year, int Month, int Day)
{
    private const int DaysPerEra = 146_097;
    private const int DaysFromMarch0000To1970 = 719_468;

    /// <summary>The date so many days after 1970-01-01.</summary>
    public static CivilDate FromDays(long days)
    {
        // Years that begin in March put the leap day last; eras of 400 years repeat exactly.
        days += DaysFromMarch0000To1970;
        long era = (days >= 0 ? days : days - (DaysPerEra - 1)) / DaysPerEra;
        int dayOfEra = (int)(days - era * DaysPerEra);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int month = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * month + 2) / 5 + 1;
        int civilMonth = month < 10 ? month + 3 : month - 9;
        return new CivilDate(yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day);
    }

    /// <summary>ISO 8601: <c>2024-03-01</c>; years of more than four digits or before 0 with their sign: <c>+12024-01-01</c>, <c>-0043-03-15</c>.</summary>
    public override string ToString()
    {
        string sign = Year < 0 ? "-" : Year > 9999 ? "+" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{Math.Abs(Year):D4}-{Month:D2}-{Day:D2}");
    }
}
