using System.Collections.Concurrent;

namespace Tarn.Server.Metrics;

/// <summary>All series of one name.</summary>
/// <param name="name">Name in Prometheus.</param>
/// <param name="kind">Its type.</param>
/// <param name="help">What it means.</param>
/// <param name="bounds">Upper bounds of the buckets of a histogram; empty otherwise.</param>
/// <param name="isObserved">Whether its values come from callbacks.</param>
internal sealed class MetricFamily(string name, MetricKind kind, string help, double[] bounds, bool isObserved)
{
    /// <summary>Series of one name at most; what comes later is summed up under the label <see cref="OverflowLabel"/>.</summary>
    public const int SeriesLimit = 1_000;

    /// <summary>The label of the series that holds what did not fit, as OpenTelemetry names it.</summary>
    public const string OverflowLabel = "otel_metric_overflow";

    private readonly ConcurrentDictionary<TagSet, MetricSeries> _byTags = new(TagSet.Comparer);
    private readonly Dictionary<string, MetricSeries> _byLabels = new(StringComparer.Ordinal);
    private readonly Lock _creating = new();

    /// <summary>Name in Prometheus.</summary>
    public string Name => name;

    /// <summary>Its type.</summary>
    public MetricKind Kind => kind;

    /// <summary>What it means.</summary>
    public string Help => help;

    /// <summary>Upper bounds of the buckets.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>Whether its values come from callbacks, anew in each round.</summary>
    public bool IsObserved => isObserved;

    /// <summary>The series of some tags, made when missing.</summary>
    public MetricSeries Series(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out var series) ? series : Create(new TagSet(tags.ToArray()));

    /// <summary>The series that have something to show.</summary>
    public IReadOnlyList<MetricSeries> Snapshot()
    {
        lock (_creating)
            return [.. _byLabels.Values];
    }

    private MetricSeries Create(TagSet tags)
    {
        lock (_creating)
        {
            var labels = _byLabels.Count < SeriesLimit ? tags.Labels() : [KeyValuePair.Create(OverflowLabel, "true")];
            string key = string.Join('\n', labels.Select(label => $"{label.Key}={label.Value}"));
            if (!_byLabels.TryGetValue(key, out var series))
                _byLabels[key] = series = new MetricSeries(labels, bounds);
            // Tags that overflow are not remembered: they are the very thing that must not grow.
            return _byTags.Count < SeriesLimit ? _byTags.GetOrAdd(tags, series) : series;
        }
    }
}
