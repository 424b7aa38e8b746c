using System.Globalization;

namespace Tarn.DuckDb.Types;

/// <summary>The unit in which a timestamp counts.</summary>
public enum DuckDbTimestampUnit
{
    /// <summary>TIMESTAMP_S.</summary>
    Seconds,

    /// <summary>TIMESTAMP_MS.</summary>
    Milliseconds,

    /// <summary>TIMESTAMP and TIMESTAMP WITH TIME ZONE.</summary>
    Microseconds,

    /// <summary>TIMESTAMP_NS.</summary>
    Nanoseconds,
}

/// <summary>A point in time exactly as DuckDB stores it, infinities included.</summary>
/// <param name="Value">Units since 1970-01-01 00:00:00; <see cref="long.MaxValue"/> is infinity, -<see cref="long.MaxValue"/> is -infinity.</param>
/// <param name="Unit">What <paramref name="Value"/> counts.</param>
/// <param name="WithTimeZone">True for TIMESTAMP WITH TIME ZONE: the value is an instant in UTC; false: local time without zone.</param>
public readonly record struct DuckDbTimestamp(long Value, DuckDbTimestampUnit Unit, bool WithTimeZone)
{
    /// <summary>The stored number that stands for infinity, in every unit.</summary>
    public const long Infinity = long.MaxValue;

    private long PerSecond => Unit switch
    {
        DuckDbTimestampUnit.Seconds => 1,
        DuckDbTimestampUnit.Milliseconds => 1_000,
        DuckDbTimestampUnit.Microseconds => 1_000_000,
        _ => 1_000_000_000,
    };

    /// <summary>True for infinity and -infinity.</summary>
    public bool IsInfinite => Value is Infinity or (-Infinity);

    /// <summary>
    /// The same time as <see cref="DateTime"/> (kind UTC with time zone, else unspecified), nanoseconds cut to its ticks of 100 ns.
    /// </summary>
    /// <returns>False for infinities and for years outside 1 to 9999.</returns>
    public bool TryToDateTime(out DateTime result)
    {
        result = default;
        var (seconds, fraction) = Split();
        var ticks = (Int128)DateTime.UnixEpoch.Ticks + (Int128)seconds * TimeSpan.TicksPerSecond + fraction / 100;
        if (IsInfinite || ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        result = new DateTime((long)ticks, WithTimeZone ? DateTimeKind.Utc : DateTimeKind.Unspecified);
        return true;
    }

    /// <summary>Whole seconds since 1970 (rounded down) and the nanoseconds after them, 0 to 999,999,999.</summary>
    private (long Seconds, long Nanos) Split()
    {
        var (seconds, rest) = Math.DivRem(Value, PerSecond);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + PerSecond);
        return (seconds, rest * (1_000_000_000 / PerSecond));
    }

    /// <summary>
    /// <c>2024-03-01 10:20:30.5</c>, with <c>+00</c> for an instant; <c>infinity</c>; years outside 1 to 9999 as DuckDB writes them
    /// (<c>0044-03-15 (BC)</c>, <c>12024-01-01</c>).
    /// </summary>
    public override string ToString()
    {
        if (IsInfinite)
            return Value > 0 ? "infinity" : "-infinity";
        var (seconds, nanos) = Split();
        var (days, second) = Math.DivRem(seconds, 86_400);
        if (second < 0)
            (days, second) = (days - 1, second + 86_400);
        var fraction = nanos == 0 ? "" : "." + nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        var (date, suffix) = CivilDate.Text(days);
        return string.Create(CultureInfo.InvariantCulture,
            $"{date}{suffix} {second / 3600:D2}:{second / 60 % 60:D2}:{second % 60:D2}{fraction}{(WithTimeZone ? "+00" : "")}");
    }
}
