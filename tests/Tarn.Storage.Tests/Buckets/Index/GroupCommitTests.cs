using Tarn.Storage.Buckets.Index;
using Xunit;

namespace Tarn.Storage.Tests.Buckets.Index;

public sealed class GroupCommitTests
{
    private const int Callers = 2, BatchesOfEach = 100_000;

    // Groups follow each other at the pace of the callers, so that one ends again and again while the next caller comes.
    [Fact]
    public async Task LogAsync_ManyCallers_WritesOneGroupAtATimeAndEachBatchOnce()
    {
        using var epoch = new Epoch([], null);
        int writing = 0, overlapping = 0, written = 0;
        using var commit = new GroupCommit(group =>
        {
            if (Interlocked.Increment(ref writing) > 1)
                Interlocked.Increment(ref overlapping);
            Interlocked.Add(ref written, group.Count);
            Interlocked.Decrement(ref writing);
            return epoch;
        });

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < BatchesOfEach; i++)
                await commit.LogAsync(new IndexBatch(), CancellationToken.None);
        })));

        Assert.Equal(0, overlapping);
        Assert.Equal(Callers * BatchesOfEach, written);
    }
}
