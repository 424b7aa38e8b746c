namespace Tarn.Server.Metrics;

/// <summary>Takes the measurements of one instrument.</summary>
/// <param name="family">Where they go.</param>
/// <param name="replaces">A gauge of last values: a measurement replaces the one before.</param>
internal sealed class MetricRecorder(MetricFamily family, bool replaces)
{
    /// <summary>Takes one measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = family.Series(tags);
        if (family.Kind == MetricKind.Histogram)
            series.Record(value);
        else if (family.IsObserved)
            series.Observe(value);
        else if (replaces)
            series.Set(value);
        else
            series.Add(value);
    }
}
