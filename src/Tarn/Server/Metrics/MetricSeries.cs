namespace Tarn.Server.Metrics;

/// <summary>One series: a value, or the counts of a histogram. Safe for many threads.</summary>
/// <param name="labels">Its labels, sorted.</param>
/// <param name="bounds">Upper bounds of the buckets of a histogram; empty otherwise.</param>
internal sealed class MetricSeries(IReadOnlyList<KeyValuePair<string, string>> labels, double[] bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    private double _value;
    private bool _isObserved;

    /// <summary>Its labels, sorted by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels => labels;

    /// <summary>Adds to the value.</summary>
    public void Add(double value)
    {
        lock (_lock)
            _value += value;
    }

    /// <summary>Replaces the value.</summary>
    public void Set(double value)
    {
        lock (_lock)
            _value = value;
    }

    /// <summary>Counts a value of a histogram.</summary>
    public void Record(double value)
    {
        int bucket = Array.BinarySearch(bounds, value);
        lock (_lock)
        {
            _buckets[bucket >= 0 ? bucket : ~bucket]++;
            _value += value;
        }
    }

    /// <summary>Begins a round of observation: until observed, the series is not shown.</summary>
    public void Forget()
    {
        lock (_lock)
            (_value, _isObserved) = (0, false);
    }

    /// <summary>Adds what a callback observed; callbacks of several sources with the same labels sum up.</summary>
    public void Observe(double value)
    {
        lock (_lock)
            (_value, _isObserved) = (_value + value, true);
    }

    /// <summary>The value, the counts of the buckets (each for itself, the last one without bound), and whether it was observed in this round.</summary>
    public (double Value, long[] Buckets, bool IsObserved) Read()
    {
        lock (_lock)
            return (_value, [.. _buckets], _isObserved);
    }
}
