using Tarn.Core.Tasks;
using Xunit;

namespace Tarn.Core.Tests.Tasks;

public sealed class LoopsTests
{
    [Fact]
    public async Task RunTogetherAsync_WhenOneFails_StopsTheOthersAndSaysWhy()
    {
        bool stopped = false;

        var error = await Assert.ThrowsAsync<IOException>(() => Loops.RunTogetherAsync(
            [async cancel =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, cancel);
                }
                finally
                {
                    stopped = true;
                }
            },
            async _ =>
            {
                await Task.Yield();
                throw new IOException("the disk is gone");
            }],
            CancellationToken.None));

        Assert.Equal("the disk is gone", error.Message);
        Assert.True(stopped);
    }

    [Fact]
    public async Task RunTogetherAsync_WhenCancelled_EndsAll()
    {
        using var stopping = new CancellationTokenSource();
        var running = Loops.RunTogetherAsync([cancel => Task.Delay(Timeout.Infinite, cancel), cancel => Task.Delay(Timeout.Infinite, cancel)], stopping.Token);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
