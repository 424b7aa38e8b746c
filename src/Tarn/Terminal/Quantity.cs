using System.Globalization;

namespace Tarn.Terminal;

/// <summary>Amounts as people read them.</summary>
internal static class Quantity
{
    /// <summary><c>512 B</c>, <c>1.5 MB</c>: powers of 1000.</summary>
    public static string Bytes(double bytes) => bytes < 1_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B")
        : Short(bytes) + "B";

    /// <summary><c>950</c>, <c>1.2 k</c>, <c>3.4 M</c>, <c>5 G</c>.</summary>
    public static string Short(double amount)
    {
        var (unit, name) = amount switch { >= 1e12 => (1e12, " T"), >= 1e9 => (1e9, " G"), >= 1e6 => (1e6, " M"), >= 1e3 => (1e3, " k"), _ => (1.0, "") };
        return (amount / unit).ToString(amount / unit < 100 && unit > 1 ? "0.#" : "0", CultureInfo.InvariantCulture) + name;
    }

    /// <summary><c>1,234,567</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>2026-03-01 12:00:00</c>, in UTC.</summary>
    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>3 ms</c>, <c>1.25 s</c>, <c>2 min 5 s</c>, <c>1 h 20 min</c>.</summary>
    public static string Duration(TimeSpan time) => FormattableString.Invariant(time switch
    {
        { TotalSeconds: < 1 } => $"{Math.Max(0, time.TotalMilliseconds):0} ms",
        { TotalSeconds: < 10 } => $"{time.TotalSeconds:0.00} s",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    });
}
