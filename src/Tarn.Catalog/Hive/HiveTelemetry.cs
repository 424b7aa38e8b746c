using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tarn.Catalog.Hive;

/// <summary>What the Hive Metastore door tells about itself, under the meter and activity source of the project.</summary>
internal sealed class HiveTelemetry : IDisposable
{
    private const string Name = "Tarn.Catalog";

    private readonly ActivitySource _activities = new(Name);
    private readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    public HiveTelemetry(IMeterFactory meters) =>
        _duration = meters.Create(Name).CreateHistogram<double>("tarn.catalog.hive.call.duration", "s", "Time from the whole call to its answer, without sending it.");

    /// <summary>Begins the trace of a call; null when nobody listens.</summary>
    public Activity? Start(string method) => _activities.StartActivity("Hive " + method, ActivityKind.Server);

    /// <summary>Records a finished call.</summary>
    /// <param name="method">Its name; <c>none</c> when there is no such.</param>
    /// <param name="error">Kind of the error; empty for success.</param>
    /// <param name="elapsed">Time it took.</param>
    public void Record(string method, string error, TimeSpan elapsed) =>
        _duration.Record(elapsed.TotalSeconds, new TagList { { "rpc.method", method }, { "error.type", error } });

    /// <inheritdoc/>
    public void Dispose() => _activities.Dispose();
}
