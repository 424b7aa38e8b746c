using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Tarn.Core.Tasks;

namespace Tarn.Server.Schedule;

/// <summary>
/// Runs duties at their intervals. Each has its own clock, and jitter keeps servers that started together from working at the same moment. A
/// run that fails is logged and counted, and the next one comes at its time: a duty never stops the part it belongs to.
/// </summary>
/// <param name="duties">What to do.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Source of the jitter.</param>
/// <param name="logger">Told of failures.</param>
internal sealed partial class DutySchedule(IReadOnlyList<Duty> duties, TimeProvider time, Random random, ILogger logger) : IDisposable
{
    /// <summary>The longest wait for the first run: soon, because the server may have been off for long, but not in its first moments.</summary>
    public static readonly TimeSpan FirstRunWithin = TimeSpan.FromMinutes(5);

    // Waits vary by this much to both sides.
    private const double Jitter = 0.2;

    private readonly Meter _meter = new("Tarn.Server");
    private readonly Lock _drawing = new();

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var durations = _meter.CreateHistogram<double>("tarn.duty.duration", "s", "How long runs of background duties took, by duty and outcome");
        await Loops.RunTogetherAsync(duties.Select<Duty, Func<CancellationToken, Task>>(duty => cancel => RepeatAsync(duty, durations, cancel)), stopping);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private async Task RepeatAsync(Duty duty, Histogram<double> durations, CancellationToken stopping)
    {
        var wait = Min(duty.Interval, FirstRunWithin) * Draw();
        while (true)
        {
            await Task.Delay(wait, time, stopping);
            long began = time.GetTimestamp();
            string outcome = await TryRunAsync(duty, stopping) ? "done" : "failed";
            durations.Record(time.GetElapsedTime(began).TotalSeconds, new("duty", duty.Name), new("outcome", outcome));
            wait = duty.Interval * (1 - Jitter + 2 * Jitter * Draw());
        }
    }

    private async Task<bool> TryRunAsync(Duty duty, CancellationToken stopping)
    {
        try
        {
            await duty.RunAsync(stopping);
            return true;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            LogFailed(duty.Name, error.Message, error);
            return false;
        }
    }

    private double Draw()
    {
        lock (_drawing)
            return random.NextDouble();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    [LoggerMessage(Level = LogLevel.Error, Message = "The duty '{Duty}' failed and is tried again at its next time: {Reason}")]
    private partial void LogFailed(string duty, string reason, Exception error);
}
