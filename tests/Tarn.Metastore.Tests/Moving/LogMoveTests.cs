using Tarn.Core.Errors;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Moving;
using Tarn.Metastore.Postgres;
using Tarn.Metastore.Serialization;
using Tarn.Metastore.Tests.Postgres;
using Tarn.Testing.Files;
using Tarn.Testing.Net;
using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Moving;

[Collection(PostgresFixture.Name)]
public sealed class LogMoveTests(PostgresFixture fixture) : IDisposable
{
    private const int Commits = 1203; // more than a page, not a multiple of a frame

    private readonly TemporaryFolder _folder = new();

    private string Metastore => _folder["data/.metastore"];

    [Fact]
    public async Task Move_ToPostgresAndBack_KeepsEveryCommit()
    {
        if (fixture.Server is not { } server)
            return;
        var before = await FillAsync();
        var options = server.NewSchema();
        var progress = new List<long>();
        Assert.Equal(Commits, await new LogMove(Metastore, options, onProgress: (done, _) => progress.Add(done)).ToPostgresAsync(isDryRun: false));
        Assert.Equal([1000L, Commits], progress);
        using (var log = new PostgresCommitLog(options))
        {
            Assert.Equal(before, Describe(await HistoryAsync(log)));
            Assert.Equal(Commits + 1, (await log.AppendAsync(PostgresMigrationTests.Put("later"))).Number);
        }

        using var stale = new EmbeddedCommitLog(Metastore);
        Assert.Contains("was moved to PostgreSQL", (await Assert.ThrowsAsync<TarnException>(() => stale.ReadAsync().AsTask())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TarnException>(() => stale.AppendAsync(PostgresMigrationTests.Put("lost")).AsTask());

        Assert.Equal(Commits + 1, await new LogMove(Metastore, options).FromPostgresAsync(isDryRun: false));
        using var back = new EmbeddedCommitLog(Metastore);
        foreach (var log in (EmbeddedCommitLog[])[back, stale])
            Assert.Equal(Commits + 1, (await log.ReadAsync()).Number);
        Assert.Equal(before, Describe((await HistoryAsync(back)).Take(Commits)));
        Assert.Equal(Commits + 2, (await back.AppendAsync(PostgresMigrationTests.Put("again"))).Number);
        using var left = new PostgresCommitLog(options);
        foreach (var use in (Func<Task>[])[() => left.ReadAsync().AsTask(), () => left.AppendAsync(PostgresMigrationTests.Put("lost")).AsTask()])
            Assert.Contains("was moved to the data folder", (await Assert.ThrowsAsync<TarnException>(use)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_OpenLogsOfTheSource_GoOnNowhere()
    {
        if (fixture.Server is not { } server)
            return;
        await FillAsync(3);
        using var open = new EmbeddedCommitLog(Metastore);
        await open.ReadAsync();
        await new LogMove(Metastore, server.NewSchema()).ToPostgresAsync(isDryRun: false);
        await Assert.ThrowsAsync<TarnException>(() => open.ReadAsync().AsTask());
        await Assert.ThrowsAsync<TarnException>(() => open.AppendAsync(PostgresMigrationTests.Put("lost")).AsTask());
    }

    [Fact]
    public async Task Move_DryRun_ChangesNothing()
    {
        if (fixture.Server is not { } server)
            return;
        await FillAsync(3);
        var options = server.NewSchema();
        Assert.Equal(3, await new LogMove(Metastore, options).ToPostgresAsync(isDryRun: true));
        using var log = new EmbeddedCommitLog(Metastore);
        Assert.Equal(3, (await log.ReadAsync()).Number);
        using var target = new PostgresCommitLog(options);
        Assert.Equal(0, (await target.ReadAsync()).Number);
    }

    [Fact]
    public async Task Move_TargetNotEmpty_IsRefusedInBothDirections()
    {
        if (fixture.Server is not { } server)
            return;
        await FillAsync(3);
        var options = server.NewSchema();
        using var log = new PostgresCommitLog(options);
        await AssertKindAsync(ErrorKind.NotFound, () => new LogMove(Metastore, options).FromPostgresAsync(isDryRun: false));
        await log.AppendAsync(PostgresMigrationTests.Put("there"));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => new LogMove(Metastore, options).ToPostgresAsync(isDryRun: false));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => new LogMove(Metastore, options).FromPostgresAsync(isDryRun: false));
        await AssertKindAsync(ErrorKind.NotFound, () => new LogMove(_folder["other/.metastore"], server.NewSchema()).ToPostgresAsync(isDryRun: false));
        using var embedded = new EmbeddedCommitLog(Metastore);
        Assert.Equal((3L, 1L), ((await embedded.ReadAsync()).Number, (await log.ReadAsync()).Number));
    }

    /// <summary>The connection ends around the last COMMIT, in both directions: at no moment do both sides go on, and the same command again finishes.</summary>
    [Theory]
    [InlineData(CuttingProxy.Cut.BeforeStatement, true)]
    [InlineData(CuttingProxy.Cut.BeforeAnswer, true)]
    [InlineData(CuttingProxy.Cut.BeforeStatement, false)]
    [InlineData(CuttingProxy.Cut.BeforeAnswer, false)]
    public async Task Move_CutAtItsEnd_IsFinishedByTheSameCommand(CuttingProxy.Cut at, bool isToPostgres)
    {
        if (fixture.Server is not { } server)
            return;
        await using var proxy = new CuttingProxy(server.Port);
        var options = PostgresOptions.Parse(server.Address(proxy.Port), PostgresServer.NewSchemaName());
        await FillAsync(3);
        var move = new LogMove(Metastore, options);
        if (!isToPostgres)
            await move.ToPostgresAsync(isDryRun: false);
        // The schema is there already, so that the cut meets the move's own COMMIT.
        using (var log = new PostgresCommitLog(options))
            await log.ReadAsync();
        Task<long> MoveAsync() => isToPostgres ? move.ToPostgresAsync(isDryRun: false) : move.FromPostgresAsync(isDryRun: false);
        (proxy.At, proxy.CutsLeft) = (at, 1);
        await Assert.ThrowsAsync<CommitStateUnknownException>(MoveAsync);
        await AssertOneAtMostAsync(options);
        bool isDone = isToPostgres && at == CuttingProxy.Cut.BeforeAnswer;
        if (isDone)
            await AssertKindAsync(ErrorKind.AlreadyExists, MoveAsync);
        else
            Assert.Equal(3, await MoveAsync());
        using var embedded = new EmbeddedCommitLog(Metastore);
        using var shared = new PostgresCommitLog(options);
        Assert.Equal(3, (await (isToPostgres ? shared : (ICommitLog)embedded).ReadAsync()).Number);
        await Assert.ThrowsAsync<TarnException>(() => (isToPostgres ? (ICommitLog)embedded : shared).ReadAsync().AsTask());
    }

    public void Dispose() => _folder.Dispose();

    private async Task AssertOneAtMostAsync(PostgresOptions options)
    {
        using var embedded = new EmbeddedCommitLog(Metastore);
        using var shared = new PostgresCommitLog(options);
        int answering = 0;
        foreach (var log in (ICommitLog[])[embedded, shared])
        {
            try
            {
                answering += (await log.ReadAsync()).Number > 0 ? 1 : 0;
            }
            catch (TarnException refused) when (refused.Kind == ErrorKind.InvalidRequest)
            {
                continue;
            }
        }

        Assert.True(answering <= 1);
    }

    private async Task<string> FillAsync(int count = Commits)
    {
        using var log = new EmbeddedCommitLog(Metastore);
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => log.AppendAsync(PostgresMigrationTests.Put($"n{i}")).AsTask()));
        return Describe(await HistoryAsync(log));
    }

    private static async Task<List<CommitRecord>> HistoryAsync(ICommitLog log)
    {
        var found = new List<CommitRecord>();
        await foreach (var commit in log.ReadHistoryAsync())
            found.Add(commit);
        return found;
    }

    private static string Describe(IEnumerable<CommitRecord> commits)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var commit in commits)
            CommitJson.Write(text, commit);
        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static async Task AssertKindAsync(ErrorKind kind, Func<Task> use) => Assert.Equal(kind, (await Assert.ThrowsAsync<TarnException>(use)).Kind);
}
