using System.Text;

namespace Tarn.Server.Metrics;

/// <summary>
/// Names of OpenTelemetry as names of Prometheus: other signs than letters, digits, <c>_</c> become <c>_</c>, the unit is written out at the end,
/// and counters end in <c>_total</c> (OpenTelemetry, "Prometheus and OpenMetrics compatibility", metric metadata).
/// </summary>
internal static class MetricName
{
    /// <summary>The name of a metric.</summary>
    /// <param name="name">Name of the instrument, e.g. <c>http.server.request.duration</c>.</param>
    /// <param name="unit">Its unit in UCUM, e.g. <c>s</c>, <c>By</c>, <c>{request}</c>; may be null.</param>
    /// <param name="kind">What it becomes.</param>
    public static string Of(string name, string? unit, MetricKind kind)
    {
        string text = Sanitize(name);
        if (UnitWord(unit, kind) is { } word && !text.EndsWith("_" + word, StringComparison.Ordinal))
            text += "_" + word;
        // Prometheus keeps _count for histograms; a tool that checks names refuses it elsewhere.
        if (kind == MetricKind.Gauge && text.EndsWith("_count", StringComparison.Ordinal))
            text = text[..^"_count".Length] + "_current";
        if (kind == MetricKind.Counter && !text.EndsWith("_total", StringComparison.Ordinal))
            text += "_total";
        return text;
    }

    /// <summary>The name of a label.</summary>
    public static string OfLabel(string name) => Sanitize(name);

    private static string Sanitize(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterOrDigit(letter))
                text.Append(letter);
            else if (text.Length > 0 && text[^1] != '_')
                text.Append('_');
        }

        string clean = text.ToString().TrimEnd('_');
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string? UnitWord(string? unit, MetricKind kind) => unit switch
    {
        null or "" => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "By" => "bytes",
        "Cel" => "celsius",
        "%" => "percent",
        "1" => kind == MetricKind.Gauge ? "ratio" : null,
        // {request} and the like only explain what is counted.
        ['{', ..] => null,
        _ => Sanitize(unit),
    };
}
