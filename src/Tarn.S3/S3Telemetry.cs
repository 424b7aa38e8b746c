using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tarn.S3;

/// <summary>What the S3 door tells about itself: meter and activity source <c>Tarn.S3</c>.</summary>
internal sealed class S3Telemetry : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Tarn.S3";

    private readonly ActivitySource _activities = new(Name);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;

    /// <summary>Creates the instruments.</summary>
    public S3Telemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _duration = meter.CreateHistogram<double>("tarn.s3.request.duration", "s", "Time from the head of a request to the end of its answer.");
        _received = meter.CreateCounter<long>("tarn.s3.received", "By", "Content received, framing taken off.");
        _sent = meter.CreateCounter<long>("tarn.s3.sent", "By", "Bodies of answers sent.");
    }

    /// <summary>Begins the trace of an operation; null when nobody listens.</summary>
    public Activity? Start(string operation) => _activities.StartActivity("S3 " + operation, ActivityKind.Server);

    /// <summary>Records a finished request.</summary>
    /// <param name="operation">Name of the operation; <c>none</c> when there was no such.</param>
    /// <param name="code">Error code; empty for success.</param>
    /// <param name="elapsed">Time it took.</param>
    /// <param name="receivedBytes">Content received.</param>
    /// <param name="sentBytes">Body sent.</param>
    public void Record(string operation, string code, TimeSpan elapsed, long receivedBytes, long sentBytes)
    {
        var tags = new TagList { { "aws.s3.operation", operation }, { "error.type", code } };
        _duration.Record(elapsed.TotalSeconds, tags);
        if (receivedBytes > 0)
            _received.Add(receivedBytes, new KeyValuePair<string, object?>("aws.s3.operation", operation));
        if (sentBytes > 0)
            _sent.Add(sentBytes, new KeyValuePair<string, object?>("aws.s3.operation", operation));
    }

    /// <inheritdoc/>
    public void Dispose() => _activities.Dispose();
}
