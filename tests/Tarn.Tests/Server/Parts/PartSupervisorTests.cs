using Microsoft.Extensions.Logging.Abstractions;
using Tarn.Core.Errors;
using Tarn.Server.Parts;
using Tarn.Testing.Time;

namespace Tarn.Tests.Server.Parts;

public sealed class PartSupervisorTests : IDisposable
{
    private readonly FakePart _part = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly PartSupervisor _supervisor;

    public PartSupervisorTests() => _supervisor = new PartSupervisor(_part, new BackOff(new Random(1)), _time, NullLogger.Instance);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task State_OfAPartAtWork_IsReady()
    {
        Assert.Equal(new PartState(PartPhase.Starting, "is starting", 0), _supervisor.State);
        await _supervisor.StartAsync(default);
        Assert.True(_supervisor.State.IsReady);
        _part.Fault = "the disk is gone";
        Assert.Equal((false, "the disk is gone"), (_supervisor.State.IsReady, _supervisor.State.Reason));
    }

    [Fact]
    public async Task RunAsync_FailingPart_IsStoppedAndStartedAgainWithGrowingWaits()
    {
        await _supervisor.StartAsync(default);
        var running = _supervisor.RunAsync(_stopping.Token);
        foreach (int seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            _part.Fail(new IOException("lost"));
            var wait = await NextRestartAsync();
            Assert.InRange(wait.TotalSeconds, seconds / 2.0, seconds);
            Assert.Equal((PartPhase.Failed, "lost"), (_supervisor.State.Phase, _supervisor.State.Reason));
            int starts = _part.Starts;
            _time.Advance(wait);
            await UntilAsync(() => _supervisor.State.Phase == PartPhase.Running);
            Assert.Equal(starts + 1, _part.Starts);
        }

        Assert.Equal((8, 8), (_part.Stops, _supervisor.State.Restarts));
        await _stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task RunAsync_PartThatWorkedLong_WaitsShortlyAgain()
    {
        await _supervisor.StartAsync(default);
        var running = _supervisor.RunAsync(_stopping.Token);
        for (int round = 0; round < 4; round++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            _part.Fail(new IOException("lost"));
            var wait = await NextRestartAsync();
            Assert.InRange(wait.TotalSeconds, 0.5, 1);
            _time.Advance(wait);
            await UntilAsync(() => _supervisor.State.Phase == PartPhase.Running);
        }

        await _stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task RunAsync_PartThatEndsByItself_CountsAsFailed()
    {
        await _supervisor.StartAsync(default);
        var running = _supervisor.RunAsync(_stopping.Token);
        _part.End();
        await NextRestartAsync();
        Assert.Equal("The part 'fake' ended by itself.", _supervisor.State.Reason);
        await _stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task RunAsync_StartThatFailsAgain_IsTriedAgain()
    {
        _part.StartOutcomes.Enqueue(new TarnException(ErrorKind.Unavailable, "not yet"));
        _part.StartOutcomes.Enqueue(new IOException("still not"));
        await _supervisor.StartAsync(default);
        Assert.Equal((PartPhase.Failed, "not yet"), (_supervisor.State.Phase, _supervisor.State.Reason));
        var running = _supervisor.RunAsync(_stopping.Token);
        _time.Advance(await NextRestartAsync());
        await UntilAsync(() => _supervisor.State.Reason == "still not");
        _time.Advance(await NextRestartAsync());
        await UntilAsync(() => _supervisor.State.IsReady);
        await _stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task StartAsync_FirstStartThatCannotSucceed_Throws()
    {
        _part.StartOutcomes.Enqueue(TarnException.Invalid("wrong certificate"));
        await Assert.ThrowsAsync<TarnException>(() => _supervisor.StartAsync(default));
    }

    [Fact]
    public async Task RunAsync_FailingPart_LeavesOthersAlone()
    {
        var other = new FakePart();
        var healthy = new PartSupervisor(other, new BackOff(new Random(2)), _time, NullLogger.Instance);
        await Task.WhenAll(_supervisor.StartAsync(default), healthy.StartAsync(default));
        var running = Task.WhenAll(_supervisor.RunAsync(_stopping.Token), healthy.RunAsync(_stopping.Token));
        _part.Fail(new IOException("lost"));
        await NextRestartAsync();
        Assert.Equal((false, true, 1), (_supervisor.State.IsReady, healthy.State.IsReady, other.Starts));
        await _stopping.CancelAsync();
        await running;
    }

    private async Task<TimeSpan> NextRestartAsync()
    {
        await UntilAsync(() => _supervisor.State.Phase == PartPhase.Failed);
        // The limit of stopping the failed part is the other wait; with jitter no restart waits for exactly as long.
        return await _time.NextWaitAsync(wait => wait != TimeSpan.FromSeconds(5));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Yield();
    }
}
