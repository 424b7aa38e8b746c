using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tarn.Catalog;

/// <summary>What the catalog's doors tell about themselves: meter and activity source <c>Tarn.Catalog</c>.</summary>
internal sealed class CatalogTelemetry : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Tarn.Catalog";

    private readonly ActivitySource _activities = new(Name);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _reports;

    /// <summary>Creates the instruments.</summary>
    public CatalogTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _duration = meter.CreateHistogram<double>("tarn.catalog.request.duration", "s", "Time from the head of a request to the end of its answer.");
        _reports = meter.CreateCounter<long>("tarn.catalog.metrics_reports", "{report}", "Scan and commit reports that clients sent.");
    }

    /// <summary>Begins the trace of an operation; null when nobody listens.</summary>
    public Activity? Start(string operation) => _activities.StartActivity("Iceberg " + operation, ActivityKind.Server);

    /// <summary>Records a finished request.</summary>
    /// <param name="operation">Name of the operation; <c>none</c> when there was no such.</param>
    /// <param name="error">Type of the error; empty for success.</param>
    /// <param name="elapsed">Time it took.</param>
    public void Record(string operation, string error, TimeSpan elapsed) =>
        _duration.Record(elapsed.TotalSeconds, new TagList { { "iceberg.operation", operation }, { "error.type", error } });

    /// <summary>Counts a report of a client.</summary>
    /// <param name="type"><c>scan-report</c> or <c>commit-report</c>.</param>
    public void CountReport(string type) => _reports.Add(1, new KeyValuePair<string, object?>("iceberg.report_type", type));

    /// <inheritdoc/>
    public void Dispose() => _activities.Dispose();
}
