using System.Globalization;
using System.Text;

namespace Tarn.Server.Metrics;

/// <summary>Writes families in the text format of Prometheus, version 0.0.4 ("Exposition formats").</summary>
internal static class PrometheusText
{
    /// <summary>Content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The whole page.</summary>
    public static string Format(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var family in families)
            Append(text, family);
        return text.ToString();
    }

    private static void Append(StringBuilder text, MetricFamily family)
    {
        var shown = family.Snapshot().Select(series => (series.Labels, Read: series.Read())).Where(one => !family.IsObserved || one.Read.IsObserved).ToList();
        if (shown.Count == 0)
            return;
        text.Append("# HELP ").Append(family.Name).Append(' ');
        AppendEscaped(text, family.Help, quotes: false);
        text.Append("\n# TYPE ").Append(family.Name).Append(' ').Append(family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        }).Append('\n');
        foreach (var (labels, read) in shown)
        {
            if (family.Kind == MetricKind.Histogram)
                AppendHistogram(text, family, labels, read.Buckets, read.Value);
            else
                AppendLine(text, family.Name, labels, read.Value);
        }
    }

    // Buckets are cumulative, and the one without bound equals the count.
    private static void AppendHistogram(StringBuilder text, MetricFamily family, IReadOnlyList<KeyValuePair<string, string>> labels, long[] buckets, double sum)
    {
        long count = 0;
        for (int i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            string bound = i < family.Bounds.Count ? Number(family.Bounds[i]) : "+Inf";
            AppendLine(text, family.Name + "_bucket", [.. labels, KeyValuePair.Create("le", bound)], count);
        }

        AppendLine(text, family.Name + "_sum", labels, sum);
        AppendLine(text, family.Name + "_count", labels, count);
    }

    private static void AppendLine(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, double value)
    {
        text.Append(name);
        for (int i = 0; i < labels.Count; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Key).Append("=\"");
            AppendEscaped(text, labels[i].Value, quotes: true);
            text.Append('"');
        }

        text.Append(labels.Count > 0 ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void AppendEscaped(StringBuilder text, string value, bool quotes)
    {
        foreach (char letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }
    }
}
