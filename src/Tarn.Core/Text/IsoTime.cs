using System.Globalization;

namespace Tarn.Core.Text;

/// <summary>Instants as text of ISO 8601, always in UTC with a <c>Z</c> and always of one length. What is finer than the form is cut off.</summary>
public static class IsoTime
{
    /// <summary><c>2026-03-01T12:00:00Z</c>.</summary>
    public static string Seconds(DateTimeOffset time) => Text(time, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary><c>2026-03-01T12:00:00.000Z</c>.</summary>
    public static string Milliseconds(DateTimeOffset time) => Text(time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary><c>2026-03-01T12:00:00.000000Z</c>.</summary>
    public static string Microseconds(DateTimeOffset time) => Text(time, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");

    private static string Text(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
