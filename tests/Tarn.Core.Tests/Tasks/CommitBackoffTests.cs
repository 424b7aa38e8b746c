using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.Testing.Time;

namespace Tarn.Core.Tests.Tasks;

public sealed class CommitBackoffTests
{
    [Fact]
    public void NextWait_AfterEachLoss_GrowsToItsLimitAndVaries()
    {
        var backoff = new CommitBackoff(TimeProvider.System, new Random(1));
        double[] waits = [.. Enumerable.Range(0, 40).Select(_ => backoff.NextWait().TotalMilliseconds)];
        Assert.InRange(waits[0], 1, 2);
        Assert.InRange(waits[3], 8, 16);
        Assert.All(waits[10..], w => Assert.InRange(w, 125, 250));
        Assert.True(waits[10..].Distinct().Count() > 20);
    }

    [Fact]
    public async Task WaitAsync_AfterTheLimit_SaysHowLongItTried()
    {
        var time = new ManualTimeProvider();
        var backoff = new CommitBackoff(time, new Random(1));
        time.Advance(CommitBackoff.Limit);
        var error = await Assert.ThrowsAsync<CommitConflictException>(() => backoff.WaitAsync(new CommitConflictException("Table 't' was changed."), default).AsTask());
        Assert.Contains("30 s", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Table 't' was changed. ", error.Message, StringComparison.Ordinal);
    }
}
