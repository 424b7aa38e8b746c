using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets.Index;

/// <summary>The index beside a sorted dictionary: random batches, checkpoints, merges, restarts and power cuts.</summary>
public sealed class OrderedIndexTests
{
    private static readonly IndexLimits s_small = new(LogBytes: 8 << 10, MemoryBytes: 16 << 10, BlockBytes: 256);

    [Fact]
    public async Task Batches_RandomWithCheckpointsAndRestarts_EqualASortedDictionary()
    {
        for (int round = 0; round < Soak.Rounds(3, 200); round++)
        {
            int seed = Soak.Seed + round;
            using var folder = new TemporaryFolder();
            var random = new Random(seed);
            var model = new SortedDictionary<byte[], byte[]>(new ByteOrder());
            var index = OrderedIndex.Open(PhysicalFileSystem.Instance, folder.Path, s_small, _ => { });
            for (int step = 0; step < 250; step++)
            {
                await index.CommitAsync(RandomBatch(random, model));
                if (random.Next(60) == 0)
                    await index.CheckpointAsync();
                if (random.Next(80) == 0)
                    index = await ReopenAsync(index, PhysicalFileSystem.Instance, folder.Path);
            }

            AssertEqual(model, index, random, seed);
            await index.DisposeAsync();
        }
    }

    [Fact]
    public async Task PowerCut_AtAnyOperation_LosesNoAcknowledgedBatchAndHalvesNone()
    {
        for (int round = 0; round < Soak.Rounds(40, 20_000); round++)
        {
            int seed = Soak.Seed + round;
            var random = new Random(seed);
            var disk = new PowerCutFileSystem();
            disk.CreateFolder("/index");
            disk.SyncFolder("/");
            disk.CutAt = random.Next(1, 400);
            var acknowledged = new SortedDictionary<byte[], byte[]>(new ByteOrder());
            var (attempted, count) = await RunUntilCutAsync(disk, random, acknowledged);
            disk = disk.Reboot(seed);
            var index = OrderedIndex.Open(disk, "/index", s_small, _ => { });
            index.FinishRecovery(_ => { });
            var found = Entries(index);
            Assert.True(Same(found, acknowledged) || Same(found, attempted), $"seed {seed}: after a power cut the index is neither before nor after the last batch");
            Assert.Contains(index.ReadCounter("~count"u8.ToArray()).Count, new long[] { count, count + 1 });
            await index.DisposeAsync();
        }
    }

    [Fact]
    public async Task Counters_ThroughCheckpointsAndRestarts_AreSums()
    {
        using var folder = new TemporaryFolder();
        byte[] key = "counter"u8.ToArray();
        var index = OrderedIndex.Open(PhysicalFileSystem.Instance, folder.Path, s_small, _ => { });
        for (int i = 1; i <= 30; i++)
        {
            await index.CommitAsync(new IndexBatch { Counters = { new CounterChange(key, 1, 10) } });
            if (i % 7 == 0)
                await index.CheckpointAsync();
            if (i % 5 == 0)
                index = await ReopenAsync(index, PhysicalFileSystem.Instance, folder.Path);
            Assert.Equal((i, 10L * i), index.ReadCounter(key));
        }

        await index.DisposeAsync();
    }

    [Fact]
    public async Task Commit_AfterAFlushThatFailedForLackOfMemory_GoesOn()
    {
        using var folder = new TemporaryFolder();
        var disk = new NoMemoryForSegments();
        var index = OrderedIndex.Open(disk, folder.Path, s_small, _ => { });
        disk.IsShort = true;
        var refused = await Assert.ThrowsAsync<TarnException>(() => WriteAsync(index, 200));
        Assert.IsType<OutOfMemoryException>(refused.InnerException);
        disk.IsShort = false;

        // The first may still be refused with the reason of before, and begins another try.
        await Record.ExceptionAsync(() => WriteAsync(index, 1));
        await index.CheckpointAsync();
        await WriteAsync(index, 200);
        await index.DisposeAsync();
    }

    [Fact]
    public async Task Open_DamagedBeforeAcknowledgedBatches_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var index = OrderedIndex.Open(PhysicalFileSystem.Instance, folder.Path, new IndexLimits(), _ => { });
        for (int i = 0; i < 10; i++)
            await index.CommitAsync(new IndexBatch { Changes = { new IndexChange([(byte)i], new byte[100]) } });
        await index.DisposeAsync();
        using (var log = PhysicalFileSystem.Instance.OpenWrite(folder["log-1"]))
            log.Write([0xFF], 300);
        var error = Assert.Throws<TarnException>(() => OrderedIndex.Open(PhysicalFileSystem.Instance, folder.Path, new IndexLimits(), _ => { }));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("log-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_ManyWriters_ShareSyncs()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SyncCounter();
        var index = OrderedIndex.Open(disk, folder.Path, new IndexLimits(), _ => { });
        for (int round = 0; round < 10; round++)
        {
            int before = disk.Count;
            disk.Hold();
            Task CommitAsync(int i) => index.CommitAsync(new IndexBatch { Changes = { new IndexChange([(byte)round, (byte)i], [1]) } }).AsTask();
            // The first one writes itself.
            var commits = new List<Task> { Task.Run(() => CommitAsync(0)) };
            disk.WaitUntilHeld();
            commits.AddRange(Enumerable.Range(1, 63).Select(CommitAsync));
            disk.Release();
            await Task.WhenAll(commits);
            // That of the group that was being written, and that of all who came meanwhile.
            Assert.Equal(2, disk.Count - before);
        }

        Assert.Equal(640, Entries(index).Count);
        await index.DisposeAsync();
    }

    [Fact]
    public async Task Log_OneWriter_IsDoneOnItsOwnThread()
    {
        using var folder = new TemporaryFolder();
        var index = OrderedIndex.Open(PhysicalFileSystem.Instance, folder.Path, new IndexLimits(), _ => { });
        for (int i = 0; i < 10; i++)
        {
            var commit = index.CommitAsync(new IndexBatch { Changes = { new IndexChange([(byte)i], [1]) } }).AsTask();
            Assert.True(commit.IsCompletedSuccessfully);
            await commit;
        }

        await index.DisposeAsync();
    }

    [Theory]
    [InlineData(new long[] { 8, 8, 8 }, 0)]
    [InlineData(new long[] { 8, 8, 8, 8 }, 4)]
    [InlineData(new long[] { 8, 100, 100, 100 }, 0)]
    [InlineData(new long[] { 8, 8, 8, 8, 1000 }, 4)]
    [InlineData(new long[] { 8, 16, 40, 100, 1000 }, 4)]
    public void ChooseMerge_Sizes_TakesARunOfSimilarOnes(long[] sizes, int expected) => Assert.Equal(expected, OrderedIndex.ChooseMerge(sizes));

    private static async Task<(SortedDictionary<byte[], byte[]> Attempted, int Count)> RunUntilCutAsync(
        PowerCutFileSystem disk, Random random, SortedDictionary<byte[], byte[]> acknowledged)
    {
        var attempted = new SortedDictionary<byte[], byte[]>(new ByteOrder());
        int count = 0;
        try
        {
            var index = OrderedIndex.Open(disk, "/index", s_small, _ => { });
            while (true)
            {
                var batch = RandomBatch(random, attempted);
                batch.Counters.Add(new CounterChange("~count"u8.ToArray(), 1, 0));
                await index.CommitAsync(batch);
                count++;
                acknowledged.Clear();
                foreach (var (key, value) in attempted)
                    acknowledged[key] = value;
                if (random.Next(10) == 0)
                    await index.CheckpointAsync();
            }
        }
        catch (Exception error) when (error is PowerCutException or TarnException)
        {
            Assert.True(disk.IsOff, $"failed with the power on: {error}");
        }

        return (attempted, count);
    }

    private static async Task<OrderedIndex> ReopenAsync(OrderedIndex index, IFileSystem files, string folder)
    {
        await index.DisposeAsync();
        var opened = OrderedIndex.Open(files, folder, s_small, _ => { });
        opened.FinishRecovery(_ => { });
        return opened;
    }

    private static IndexBatch RandomBatch(Random random, SortedDictionary<byte[], byte[]> model)
    {
        var changes = new Dictionary<byte[], byte[]?>(KeyComparer.Instance);
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            byte[] key = new byte[random.Next(1, 6)];
            for (int b = 0; b < key.Length; b++)
                key[b] = (byte)(random.Next(4) * 85);
            byte[] value = new byte[random.Next(0, 60)];
            random.NextBytes(value);
            changes[key] = random.Next(3) == 0 ? null : value;
        }

        foreach (var (key, value) in changes)
        {
            if (value is null)
                model.Remove(key);
            else
                model[key] = value;
        }

        return new IndexBatch { Changes = [.. changes.Select(c => new IndexChange(c.Key, c.Value))] };
    }

    private static void AssertEqual(SortedDictionary<byte[], byte[]> model, OrderedIndex index, Random random, int seed)
    {
        Assert.True(Same(Entries(index), model), $"seed {seed}: entries differ");
        using var cursor = index.OpenCursor();
        for (int i = 0; i < 200; i++)
        {
            byte[] key = [(byte)(random.Next(4) * 85), (byte)random.Next(256)];
            var expected = model.FirstOrDefault(e => e.Key.AsSpan().SequenceCompareTo(key) >= 0);
            Assert.True(cursor.Seek(key) == (expected.Key is not null), $"seed {seed}: seek");
            if (expected.Key is not null)
                Assert.True(cursor.Key.SequenceEqual(expected.Key) && cursor.Value.SequenceEqual(expected.Value), $"seed {seed}: sought");
            Assert.Equal(model.GetValueOrDefault(key), index.Get(key));
        }
    }

    private static SortedDictionary<byte[], byte[]> Entries(OrderedIndex index)
    {
        var found = new SortedDictionary<byte[], byte[]>(new ByteOrder());
        using var cursor = index.OpenCursor();
        byte[] last = [];
        for (bool isThere = cursor.Seek([]); isThere; isThere = cursor.MoveNext())
        {
            Assert.True(found.Count == 0 || cursor.Key.SequenceCompareTo(last) > 0, "keys must ascend");
            last = cursor.Key.ToArray();
            if (last[0] != (byte)'~' && last[0] != (byte)'c')
                found[last] = cursor.Value.ToArray();
        }

        return found;
    }

    private static async Task WriteAsync(OrderedIndex index, int count)
    {
        for (int i = 0; i < count; i++)
            await index.CommitAsync(new IndexBatch { Changes = { new IndexChange([(byte)i], new byte[1000]) } });
    }

    private static bool Same(SortedDictionary<byte[], byte[]> one, SortedDictionary<byte[], byte[]> other) =>
        one.Count == other.Count && one.Zip(other).All(p => p.First.Key.AsSpan().SequenceEqual(p.Second.Key) && p.First.Value.AsSpan().SequenceEqual(p.Second.Value));

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }

    /// <summary>A disk on which no segment can be begun for a while.</summary>
    private sealed class NoMemoryForSegments : ForwardingFileSystem
    {
        public bool IsShort { get; set; }

        public override IFileHandle CreateNew(string path) =>
            IsShort && Path.GetFileName(path).StartsWith("segment-", StringComparison.Ordinal) ? throw new OutOfMemoryException() : base.CreateNew(path);
    }

    /// <summary>A disk that counts its syncs and can hold them up.</summary>
    private sealed class SyncCounter : ForwardingFileSystem, IDisposable
    {
        private readonly ManualResetEventSlim _open = new(true), _held = new(false);
        private int _count;

        public int Count => _count;

        public void Hold()
        {
            _held.Reset();
            _open.Reset();
        }

        public void WaitUntilHeld() => _held.Wait();

        public void Release() => _open.Set();

        public void Dispose()
        {
            _open.Dispose();
            _held.Dispose();
        }

        public override IFileHandle CreateNew(string path) => new Handle(base.CreateNew(path), this);

        private sealed class Handle(IFileHandle inner, SyncCounter owner) : IFileHandle
        {
            public long LengthBytes => inner.LengthBytes;

            public int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

            public void Write(ReadOnlySpan<byte> content, long offset) => inner.Write(content, offset);

            public void Truncate(long lengthBytes) => inner.Truncate(lengthBytes);

            public void Sync()
            {
                Interlocked.Increment(ref owner._count);
                owner._held.Set();
                owner._open.Wait();
                inner.Sync();
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
