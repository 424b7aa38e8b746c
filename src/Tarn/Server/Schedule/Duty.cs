namespace Tarn.Server.Schedule;

/// <summary>Something that a part does again and again in the background.</summary>
/// <param name="Name">Short name in lower case, as logs and metrics show it.</param>
/// <param name="Interval">From the end of one run to the beginning of the next, before jitter.</param>
/// <param name="RunAsync">One run.</param>
internal sealed record Duty(string Name, TimeSpan Interval, Func<CancellationToken, Task> RunAsync);
