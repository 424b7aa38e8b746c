using Microsoft.Extensions.Logging.Abstractions;
using Tarn.Server.Schedule;
using Tarn.Testing.Time;

namespace Tarn.Tests.Server.Schedule;

public sealed class DutyScheduleTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _runs;

    public void Dispose() => _stopping.Dispose();

    private Task Start(TimeSpan interval, Action? act = null)
    {
        var duty = new Duty("sweep", interval, _ =>
        {
            _runs++;
            act?.Invoke();
            return Task.CompletedTask;
        });
        return new DutySchedule([duty], _time, new Random(3), NullLogger.Instance).RunAsync(_stopping.Token);
    }

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task RunAsync_Duty_RunsSoonAndThenAtItsIntervalWithJitter()
    {
        var running = Start(TimeSpan.FromHours(1));
        var first = await _time.NextWaitAsync();
        Assert.InRange(first, TimeSpan.Zero, DutySchedule.FirstRunWithin);
        _time.Advance(first);
        var waits = new List<double>();
        for (int run = 1; run <= 20; run++)
        {
            var wait = await _time.NextWaitAsync();
            Assert.Equal(run, _runs);
            Assert.InRange(wait.TotalMinutes, 48, 72);
            waits.Add(wait.TotalMinutes);
            _time.Advance(wait);
        }

        Assert.True(waits.Distinct().Count() > 15, "the waits differ");
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_DutyThatFails_RunsAgain()
    {
        var running = Start(TimeSpan.FromSeconds(10), () => throw new IOException("lost"));
        for (int run = 0; run < 3; run++)
            _time.Advance(await _time.NextWaitAsync());
        await _time.NextWaitAsync();
        Assert.Equal(3, _runs);
        await StopAsync(running);
    }
}
