namespace Tarn.Synthetic.Activity;

/// <summary>When in a week how many events happen: quiet nights, busy evenings, weekends that begin late.</summary>
internal static class WeeklyTraffic
{
    private const long HourMicros = 3_600_000_000;

    // 2025-01-01T00:00:00Z, a Wednesday.
    private const long StartMicros = 1_735_689_600_000_000;

    // Events in an hour, in hundreds.
    private static readonly int[] s_workday = [22, 14, 9, 7, 7, 11, 24, 46, 66, 74, 78, 82, 92, 84, 78, 76, 80, 90, 104, 122, 134, 126, 92, 48];
    private static readonly int[] s_weekend = [38, 26, 17, 11, 8, 8, 13, 26, 50, 78, 98, 108, 112, 110, 108, 106, 108, 114, 122, 130, 132, 118, 90, 60];

    private static readonly long[] s_before = Accumulate();

    /// <summary>Events in a week.</summary>
    public static long PerWeek => s_before[^1];

    /// <summary>
    /// The instant of an event, in microseconds since 1970; never before that of the event before it.
    /// </summary>
    /// <param name="row">The number of the event, from 0.</param>
    /// <param name="jitter">16 random bits: where the event lies in the gap to the next one.</param>
    public static long InstantOf(long row, int jitter)
    {
        var (week, place) = Math.DivRem(row, PerWeek);
        var found = Array.BinarySearch(s_before, place);
        var hour = found >= 0 ? found : ~found - 1;
        var gap = HourMicros / (s_before[hour + 1] - s_before[hour]);
        return StartMicros + (week * 168 + hour) * HourMicros + (place - s_before[hour]) * gap + gap * jitter / 65536;
    }

    // The year begins on a Wednesday: its week has the weekend on days 3 and 4.
    private static long[] Accumulate()
    {
        var before = new long[169];
        for (var hour = 0; hour < 168; hour++)
        {
            before[hour + 1] = before[hour] + 100 * (hour / 24 is 3 or 4 ? s_weekend : s_workday)[hour % 24];
        }
        return before;
    }
}
