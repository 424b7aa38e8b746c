using Tarn.Engine.Functions;

namespace Tarn.Engine.Tests.Functions;

/// <summary>Deleted keys that are read beside other work: once, whoever asks first, and not any more when nobody asks.</summary>
public sealed class KeyLoadingTests
{
    [Fact]
    public async Task Keys_AskedForByMany_AreReadOnce()
    {
        int reads = 0;
        using var loading = new KeyLoading(
            _ =>
            {
                Interlocked.Increment(ref reads);
                return Read();
            },
            CancellationToken.None);
        loading.Begin();
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => loading.Keys)));
        Assert.Single(asked.Distinct());
        Assert.Equal(1, reads);
    }

    [Fact]
    public void Keys_ReadingFails_ThrowEveryTimeAndAreReadOnce()
    {
        int reads = 0;
        using var loading = new KeyLoading(_ => throw new InvalidDataException($"read {++reads}"), CancellationToken.None);
        for (int time = 0; time < 2; time++)
            Assert.Equal("read 1", Assert.Throws<InvalidDataException>(() => loading.Keys).Message);
    }

    [Fact]
    public async Task Dispose_WhileReading_EndsItAndReturnsBehindIt()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool ended = false;
        var loading = new KeyLoading(
            cancelled =>
            {
                began.SetResult();
                cancelled.WaitHandle.WaitOne();
                ended = true;
                throw new OperationCanceledException(cancelled);
            },
            CancellationToken.None);
        loading.Begin();
        await began.Task;
        loading.Dispose();
        Assert.True(ended);
    }

    [Fact]
    public void Keys_AfterDispose_AreNotRead()
    {
        var loading = new KeyLoading(_ => Read(), CancellationToken.None);
        loading.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loading.Keys);
    }

    private static DeletedKeys Read()
    {
        var keys = new DeletedKeys(bySequence: false, 1);
        keys.Add([7]);
        keys.Complete();
        return keys;
    }
}
