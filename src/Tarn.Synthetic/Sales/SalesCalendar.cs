using System.Globalization;
using System.Text;

namespace Tarn.Synthetic.Sales;

/// <summary>How much is sold on which day: the months have seasons, the weeks a rhythm, and some days are unlike all others.</summary>
internal sealed class SalesCalendar
{
    // Per cent of an average month: a slow start, a dip in summer, a rush before the holidays.
    private static readonly int[] s_months = [78, 80, 92, 96, 102, 98, 88, 86, 98, 104, 128, 150];

    // Per cent of an average day, Sunday first: the weekend brings the most.
    private static readonly int[] s_weekdays = [104, 92, 88, 90, 98, 116, 126];

    private static readonly int s_epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private readonly int _firstEpochDay;
    private readonly long[] _before;
    private readonly byte[][] _texts;
    private readonly byte[] _months;

    private SalesCalendar(DateOnly first, int days)
    {
        _firstEpochDay = first.DayNumber - s_epoch;
        _before = new long[days + 1];
        _texts = new byte[days][];
        _months = new byte[days];
        for (var i = 0; i < days; i++)
        {
            var day = first.AddDays(i);
            _before[i + 1] = _before[i] + WeightOf(day);
            _texts[i] = Encoding.UTF8.GetBytes(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            _months[i] = (byte)(day.Month - 1);
        }
    }

    /// <summary>The year that is sold through.</summary>
    public static SalesCalendar Year { get; } = new(new DateOnly(SalesGenerator.Year, 1, 1), 365);

    /// <summary>The one day after it.</summary>
    public static SalesCalendar DayAfter { get; } = new(new DateOnly(SalesGenerator.Year + 1, 1, 1), 1);

    /// <summary>The day (from 0) of a row, when the rows are spread over the calendar in order of time.</summary>
    public int DayOf(long row, long rows)
    {
        var position = (long)((UInt128)(ulong)row * (ulong)_before[^1] / (ulong)rows);
        var found = Array.BinarySearch(_before, position);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The day as ISO 8601.</summary>
    public ReadOnlySpan<byte> TextOf(int day) => _texts[day];

    /// <summary>The day in days since 1970-01-01.</summary>
    public int EpochDayOf(int day) => _firstEpochDay + day;

    /// <summary>The month of the day, from 0.</summary>
    public int MonthOf(int day) => _months[day];

    private static long WeightOf(DateOnly day)
    {
        long weight = s_months[day.Month - 1] * s_weekdays[(int)day.DayOfWeek];
        return (day.Month, day.Day) switch
        {
            (11, >= 24 and <= 30) => weight * 2, // the week of discounts
            (12, >= 8 and <= 20) => weight * 3 / 2,
            (12, 25 or 26) or (1, 1) => weight / 4,
            _ => weight,
        };
    }
}
