using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transforms;

/// <summary>Years, months, days and hours from the epoch; everything rounds down, also before 1970.</summary>
internal static class TimeTransforms
{
    private const long MicrosPerHour = 3_600_000_000;

    /// <summary>Years from 1970 of days from 1970-01-01.</summary>
    public static int DaysToYears(int days) => Civil(days).Year - 1970;

    /// <summary>Months from 1970-01 of days from 1970-01-01.</summary>
    public static int DaysToMonths(int days)
    {
        var (year, month, _) = Civil(days);
        return ((year - 1970) * 12) + month - 1;
    }

    /// <summary>Quotient rounded down; the divisor is positive.</summary>
    public static long FloorDiv(long value, long divisor)
    {
        long quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The function from a date or timestamp to an ordinal of its day.</summary>
    public static Func<object, object?> Function(IcebergType source, Func<int, int> ofDays)
    {
        long unitsPerDay = UnitsPerHour(source) * 24;
        return source.Id == TypeId.Date ? value => ofDays((int)value) : value => ofDays((int)FloorDiv((long)value, unitsPerDay));
    }

    /// <summary>The function from a timestamp to its hour.</summary>
    public static Func<object, object?> Hours(IcebergType source)
    {
        long unitsPerHour = UnitsPerHour(source);
        return value => (int)FloorDiv((long)value, unitsPerHour);
    }

    /// <summary>Year, month and day of days from 1970-01-01 in the proleptic Gregorian calendar; any int.</summary>
    public static (int Year, int Month, int Day) Civil(long days)
    {
        // Days are counted from 0000-03-01 in eras of 400 years, so that leap days stand at the end of each year.
        long shifted = days + 719_468;
        long era = FloorDiv(shifted, 146_097);
        long dayOfEra = shifted - (era * 146_097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        int day = (int)(dayOfYear - (((153 * shiftedMonth) + 2) / 5)) + 1;
        int month = (int)(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9);
        return ((int)(yearOfEra + (era * 400) + (month <= 2 ? 1 : 0)), month, day);
    }

    private static long UnitsPerHour(IcebergType source) =>
        source.Id is TypeId.TimestampNs or TypeId.TimestampTzNs ? MicrosPerHour * 1000 : MicrosPerHour;
}
