using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tarn.Server.Metrics;

/// <summary>Listens to the meters of this process and keeps what they measure for <c>/metrics</c>.</summary>
internal sealed class MetricsCollector : IDisposable
{
    // Seconds; OpenTelemetry's semantic conventions for durations of HTTP.
    private static readonly double[] s_seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    // From 1 KiB to 4 GiB.
    private static readonly double[] s_bytes = [.. Enumerable.Range(5, 12).Select(power => Math.Pow(4, power))];

    // OpenTelemetry's default of explicit buckets.
    private static readonly double[] s_others = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    // Meters of the runtime and the web server; Tarn's own begin with its name.
    private static readonly string[] s_foreign = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    // The runtime publishes these as counters although they go down; OpenTelemetry's conventions (".NET CLR metrics") say UpDownCounter.
    private static readonly string[] s_wronglyCounters = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _collecting = new();

    /// <summary>Starts listening.</summary>
    /// <param name="listensTo">Which meters by name; null for Tarn's, the runtime's and the web server's.</param>
    public MetricsCollector(Predicate<string>? listensTo = null)
    {
        listensTo ??= static meter => meter.StartsWith("Tarn", StringComparison.Ordinal) || s_foreign.Contains(meter);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (listensTo(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, Recorder(instrument));
        };
        Listen<byte>(static value => value);
        Listen<short>(static value => value);
        Listen<int>(static value => value);
        Listen<long>(static value => value);
        Listen<float>(static value => value);
        Listen<double>(static value => value);
        Listen<decimal>(static value => (double)value);
        _listener.Start();
    }

    /// <summary>Asks the callbacks and answers all families by name.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (_collecting)
        {
            foreach (var series in _families.Values.Where(family => family.IsObserved).SelectMany(family => family.Snapshot()))
                series.Forget();
            _listener.RecordObservableInstruments();
            return [.. _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Listen<T>(Func<T, double> widen)
        where T : struct =>
        _listener.SetMeasurementEventCallback<T>((_, value, tags, state) => ((MetricRecorder)state!).Record(widen(value), tags));

    private MetricRecorder Recorder(Instrument instrument)
    {
        var kind = KindOf(instrument);
        string name = MetricName.Of(instrument.Name, instrument.Unit, kind);
        var family = _families.GetOrAdd(name, _ => Family(name, instrument, kind));
        // Two instruments of one name and different kinds: the second keeps its own, with its meter in the name.
        if (family.Kind != kind || family.IsObserved != instrument.IsObservable)
        {
            string longer = MetricName.Of($"{instrument.Meter.Name}.{instrument.Name}", instrument.Unit, kind);
            family = _families.GetOrAdd(longer, _ => Family(longer, instrument, kind));
        }

        bool isGauge = instrument.GetType().GetGenericTypeDefinition() == typeof(Gauge<>);
        return new MetricRecorder(family, isGauge);
    }

    private static MetricFamily Family(string name, Instrument instrument, MetricKind kind) => new(
        name, kind, string.IsNullOrEmpty(instrument.Description) ? $"{instrument.Name} of the meter {instrument.Meter.Name}" : instrument.Description,
        kind == MetricKind.Histogram ? Bounds(instrument) : [], instrument.IsObservable);

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Histogram<>) ? MetricKind.Histogram
            : s_wronglyCounters.Contains(instrument.Name) ? MetricKind.Gauge
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => instrument.Unit switch { "s" => s_seconds, "By" => s_bytes, _ => s_others },
    };
}
