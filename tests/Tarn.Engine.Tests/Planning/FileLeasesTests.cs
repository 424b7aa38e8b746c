using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Engine.Planning;

namespace Tarn.Engine.Tests.Planning;

public sealed class FileLeasesTests
{
    private static readonly string[] Locations = [.. Enumerable.Range(0, 100).Select(i => $"s3://lake/{i}")];

    [Fact]
    public async Task TakeAsync_LeasesThatCompleteAtOnce_AreTakenInOneStep()
    {
        var store = new LeaseStore((location, _) => ValueTask.FromResult(LeaseStore.PathOf(location)));
        var taking = FileLeases.TakeAsync(store, Locations, CancellationToken.None);
        Assert.True(taking.IsCompletedSuccessfully);
        Assert.Equal(Locations.Select(LeaseStore.PathOf), (await taking).Select(l => l.Path));
    }

    [Fact]
    public async Task TakeAsync_LeasesThatCompleteLater_AreTakenTogetherUpToTheLimit()
    {
        int asked = 0;
        var full = new TaskCompletionSource();
        var store = new LeaseStore((location, _) =>
        {
            if (Interlocked.Increment(ref asked) == 32)
                full.SetResult();
            return new ValueTask<string>(full.Task.ContinueWith(_ => LeaseStore.PathOf(location), TaskScheduler.Default));
        });
        var leases = await FileLeases.TakeAsync(store, Locations, CancellationToken.None);
        Assert.Equal(Locations.Select(LeaseStore.PathOf), leases.Select(l => l.Path));
        Assert.Equal(32, store.MostAtOnce);
    }

    [Fact]
    public async Task TakeAsync_OneFails_GivesTheOthersBack()
    {
        var store = new LeaseStore(async (location, _) =>
        {
            await Task.Yield();
            return location.EndsWith("/57", StringComparison.Ordinal) ? throw TarnException.Corrupted("gone") : LeaseStore.PathOf(location);
        });
        var error = await Assert.ThrowsAsync<TarnException>(async () => await FileLeases.TakeAsync(store, Locations, CancellationToken.None));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Equal(0, store.Held);
        Assert.True(store.Given > 0);
    }

    [Fact]
    public async Task TakeAsync_Cancelled_GivesAllBack()
    {
        using var cancel = new CancellationTokenSource();
        var store = new LeaseStore(async (location, cancelled) =>
        {
            if (location.EndsWith("/20", StringComparison.Ordinal))
                await cancel.CancelAsync();
            if (location.EndsWith("/9", StringComparison.Ordinal))
                await Task.Delay(Timeout.Infinite, cancelled);
            return LeaseStore.PathOf(location);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await FileLeases.TakeAsync(store, Locations, cancel.Token));
        Assert.Equal(0, store.Held);
        Assert.True(store.Given > 0);
    }

    /// <summary>A store that leases and does nothing else.</summary>
    private sealed class LeaseStore(Func<string, CancellationToken, ValueTask<string>> find) : IObjectStore
    {
        private int held, given, running, mostAtOnce;

        public int Held => held;

        public int Given => given;

        public int MostAtOnce => mostAtOnce;

        public static string PathOf(string location) => "/cache/" + location[(location.LastIndexOf('/') + 1)..];

        public string PlaceOf(string location) => throw new NotSupportedException();

        public ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default)
        {
            // Counted before it is looked for: whoever is waited for is counted when the waiting ends.
            int now = Interlocked.Increment(ref running);
            int most;
            while (now > (most = mostAtOnce) && Interlocked.CompareExchange(ref mostAtOnce, now, most) != most)
            {
            }

            return WaitAsync(find(location, cancellationToken));
        }

        public ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<ObjectStat> ListAsync(string prefix, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public StagedFile Stage(string extension) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        private async ValueTask<LocalLease> WaitAsync(ValueTask<string> found)
        {
            try
            {
                return Lease(await found.ConfigureAwait(false));
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        private LocalLease Lease(string path)
        {
            Interlocked.Increment(ref held);
            Interlocked.Increment(ref given);
            return new LocalLease(path, new Return(this));
        }

        private sealed class Return(LeaseStore store) : IDisposable
        {
            public void Dispose() => Interlocked.Decrement(ref store.held);
        }
    }
}
