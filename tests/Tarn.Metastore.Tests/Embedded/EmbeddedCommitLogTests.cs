using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Embedded;
using Tarn.Testing;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Embedded;

public sealed class EmbeddedCommitLogTests : CommitLogContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<EmbeddedCommitLog> _opened = [];

    private string LogPath => _folder["meta/commits.log"];

    [Fact]
    public async Task Read_FolderThatDoesNotExist_CreatesNothing()
    {
        await Open().ReadAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Read_EveryTornTail_GivesTheCommitsBefore_AndTheNextCommitRepairs()
    {
        await FillAsync(3);
        byte[] whole = File.ReadAllBytes(LogPath);
        await FillAsync(1, 3);
        byte[] longer = File.ReadAllBytes(LogPath);
        for (int length = whole.Length; length < longer.Length; length += 7)
        {
            File.WriteAllBytes(LogPath, longer[..length]);
            Assert.Equal(4, (await Open().ReadAsync()).Number);
        }

        byte[] zeros = [.. whole, .. new byte[longer.Length - whole.Length]];
        byte[] flipped = [.. longer];
        flipped[^5] ^= 0x40;
        foreach (byte[] torn in (byte[][])[zeros, flipped, longer[..^1]])
        {
            File.WriteAllBytes(LogPath, torn);
            Assert.Equal(4, (await Open().ReadAsync()).Number);
            await FillAsync(1, 3);
            Assert.Equal(5, (await HistoryAsync(Open(), 1)).Count);
        }
    }

    [Fact]
    public async Task Read_DamageBelowAcknowledgedCommits_IsDataCorruptedForReadersAndWriters()
    {
        await FillAsync(6);
        byte[] whole = File.ReadAllBytes(LogPath);
        whole[whole.Length / 2] ^= 1;
        File.WriteAllBytes(LogPath, whole);
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => Open().ReadAsync().AsTask())).Kind);
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => Open().AppendAsync(Put("x", null, "m")).AsTask())).Kind);
        Assert.Equal(whole, File.ReadAllBytes(LogPath));
    }

    [Fact]
    public async Task Read_ForeignFile_IsDataCorrupted()
    {
        Directory.CreateDirectory(_folder["meta"]);
        File.WriteAllText(LogPath, "something else that is long enough to hold a header");
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => Open().ReadAsync().AsTask())).Kind);
    }

    /// <summary>Whatever stands in the file: the commits before the damage, or a refusal; never another exception, and never an endless look.</summary>
    [Fact]
    public async Task Read_AnyDamage_GivesAPrefixOrIsDataCorrupted()
    {
        await FillAsync(8);
        byte[] whole = File.ReadAllBytes(LogPath);
        var random = new Random(Soak.Seed);
        int prefixes = 0, refusals = 0, rounds = Soak.Rounds(400, 20000);
        for (int round = 0; round < rounds; round++)
        {
            File.WriteAllBytes(LogPath, Damage(whole, random));
            using var log = new EmbeddedCommitLog(_folder["meta"]);
            try
            {
                var state = await log.ReadAsync();
                Assert.InRange(state.Number, 0, 9);
                Assert.Equal(Math.Max(0, state.Number - 1), state.Main.FindNamespace(Name("t").Namespace)?.Tables.Count ?? 0);
                prefixes++;
            }
            catch (TarnException error) when (error.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported)
            {
                refusals++;
            }
        }

        Assert.True(prefixes > 0 && refusals > 0);
        Console.WriteLine($"soak: {rounds} damaged logs: {prefixes} gave a prefix of the commits, {refusals} were refused, seed {Soak.Seed}");
    }

    [Fact]
    public async Task Checkpoint_LongLog_IsWrittenAndGivesTheSameState()
    {
        await FillAsync(1500);
        string checkpoint = _folder["meta/checkpoint"];
        Assert.True(File.Exists(checkpoint));
        string with = Describe(await Open().ReadAsync());
        byte[] kept = File.ReadAllBytes(checkpoint);
        File.Delete(checkpoint);
        Assert.Equal(with, Describe(await Open().ReadAsync()));
        kept[^1] ^= 1;
        File.WriteAllBytes(checkpoint, kept);
        Assert.Equal(with, Describe(await Open().ReadAsync()));
    }

    [Fact]
    public async Task Read_LogShorterThanItsCheckpoint_IsDataCorrupted()
    {
        await FillAsync(1500);
        File.WriteAllBytes(LogPath, File.ReadAllBytes(LogPath)[..5000]);
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => Open().ReadAsync().AsTask())).Kind);
        File.Delete(LogPath);
        Assert.Equal(ErrorKind.DataCorrupted, (await Assert.ThrowsAsync<TarnException>(() => Open().ReadAsync().AsTask())).Kind);
    }

    [Fact]
    public async Task Append_WriteFails_ChangesNothingAndWorksAgainLater()
    {
        await FillAsync(2);
        var disk = new FailingDisk { FailWrites = true };
        using var log = new EmbeddedCommitLog(_folder["meta"], disk);
        var error = await Assert.ThrowsAsync<TarnException>(() => log.AppendAsync(Put("x", null, "m")).AsTask());
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
        Assert.Null((await Open().ReadAsync()).Main.FindTable(Name("x")));
        disk.FailWrites = false;
        await log.AppendAsync(Put("x", null, "m"));
        Assert.NotNull((await Open().ReadAsync()).Main.FindTable(Name("x")));
    }

    [Fact]
    public async Task Append_SyncFails_IsUnknownAndTheNextCommitWritesItAgain()
    {
        await FillAsync(2);
        var disk = new FailingDisk { FailSyncs = true };
        using var log = new EmbeddedCommitLog(_folder["meta"], disk);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => log.AppendAsync(Put("x", null, "m")).AsTask());
        disk.FailSyncs = false;
        disk.Written.Clear();
        await log.AppendAsync(Put("y", null, "m"));
        Assert.Equal(2, disk.Written.Count);
        Assert.Equal([1L, 2, 3, 4, 5], (await HistoryAsync(Open(), 1)).Select(c => c.Number));
    }

    [Fact]
    public async Task Append_AnotherHoldsTheTurn_ReportsWhoAndGoesOnAfterwards()
    {
        await FillAsync(1);
        var reported = new TaskCompletionSource<CommitWait>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var log = new EmbeddedCommitLog(_folder["meta"], time: new HurriedTime(), onWaiting: wait => reported.TrySetResult(wait));
        Task<CommitRecord> waiting;
        using (PhysicalFileSystem.Instance.TryLock(_folder["meta/commit.lock"], "4711 (tarn ingest)"))
        {
            waiting = log.AppendAsync(Put("x", null, "m")).AsTask();
            Assert.Equal("4711 (tarn ingest)", (await reported.Task).Holder);
            Assert.False(waiting.IsCompleted);
            Assert.Equal(2, (await Open().ReadAsync()).Number);
        }

        Assert.Equal(3, (await waiting).Number);
    }

    [Fact]
    public async Task Append_CancelledWhileWaiting_IsNeverWritten()
    {
        await FillAsync(1);
        var log = Open();
        using var cancellation = new CancellationTokenSource();
        Task cancelled, kept;
        using (PhysicalFileSystem.Instance.TryLock(_folder["meta/commit.lock"], "other"))
        {
            cancelled = log.AppendAsync(Put("x", null, "m"), cancellation.Token).AsTask();
            kept = log.AppendAsync(Put("y", null, "m")).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        }

        await kept;
        Assert.Equal(["t0", "y"], (await log.ReadAsync()).Main.FindNamespace(Name("y").Namespace)!.Tables.Keys);
    }

    public void Dispose()
    {
        foreach (var log in _opened)
            log.Dispose();
        _folder.Dispose();
    }

    protected override ICommitLog Open()
    {
        var log = new EmbeddedCommitLog(_folder["meta"]);
        _opened.Add(log);
        return log;
    }

    // One commit for the namespace if it is missing, then one per table, each in a frame of its own.
    private async Task FillAsync(int count, int from = 0)
    {
        var log = Open();
        if ((await log.ReadAsync()).Number == 0)
            await log.AppendAsync(CreateSales());
        for (int i = from; i < from + count; i++)
            await log.AppendAsync(Put($"t{i}", null, $"s3://lake/sales/t{i}-{i:x8}/metadata/00000-{Guid.NewGuid()}.metadata.json"));
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        byte[] damaged = [.. whole];
        int at = random.Next(damaged.Length), length = random.Next(1, 200);
        var part = damaged.AsSpan(at, Math.Min(length, damaged.Length - at));
        switch (random.Next(5))
        {
            case 0:
                damaged[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                random.NextBytes(part);
                break;
            case 2:
                part.Clear();
                break;
            case 3:
                return [.. damaged[..at], .. damaged[(at + part.Length)..]];
            default:
                return damaged[..at];
        }

        return damaged;
    }

    private static string Describe(LogState state) =>
        state.Number + string.Concat(state.Main.Namespaces.SelectMany(n => n.Value.Tables.Select(t => $"\n{n.Key} {t.Key} {t.Value}")));

    /// <summary>A clock on which a second passes between any two looks.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _now);
    }

    private sealed class FailingDisk : ForwardingFileSystem
    {
        public bool FailWrites { get; set; }

        public bool FailSyncs { get; set; }

        public List<int> Written { get; } = [];

        public override IFileHandle OpenWrite(string path) => new Handle(this, Inner.OpenWrite(path), path);

        private sealed class Handle(FailingDisk disk, IFileHandle inner, string path) : IFileHandle
        {
            public long LengthBytes => inner.LengthBytes;

            public int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

            public void Write(ReadOnlySpan<byte> content, long offset)
            {
                inner.Write(disk.FailWrites ? content[..(content.Length / 2)] : content, offset);
                if (disk.FailWrites)
                    throw FileErrors.Create(FileFailure.NoSpace, path);
                disk.Written.Add(content.Length);
            }

            public void Truncate(long lengthBytes) => inner.Truncate(lengthBytes);

            public void Sync()
            {
                if (disk.FailSyncs)
                    throw FileErrors.Create(FileFailure.InputOutput, path);
                inner.Sync();
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
