using System.Globalization;
using Npgsql;
using Tarn.Core.Errors;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Moving;
using Tarn.Metastore.Postgres;
using Tarn.Metastore.Serialization;
using Tarn.Metastore.Tests.Postgres;
using Tarn.Testing.Files;
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

    /// <summary>Who had the log open all the while, and asked for nothing, goes on with what came back.</summary>
    [Fact]
    public async Task Move_ThereAndBackBesideAnIdleLog_IsWhatThatLogGoesOnWith()
    {
        if (fixture.Server is not { } server)
            return;
        await FillAsync(3);
        using EmbeddedCommitLog reader = new(Metastore), writer = new(Metastore);
        Assert.Equal((3L, 3L), ((await reader.ReadAsync()).Number, (await writer.ReadAsync()).Number));
        var options = server.NewSchema();
        await new LogMove(Metastore, options).ToPostgresAsync(isDryRun: false);
        using (var there = new PostgresCommitLog(options))
            await there.AppendAsync(PostgresMigrationTests.Put("there"));
        await new LogMove(Metastore, options).FromPostgresAsync(isDryRun: false);
        Assert.Equal(5, (await writer.AppendAsync(PostgresMigrationTests.Put("here"))).Number);
        Assert.Equal(5, (await reader.ReadAsync()).Number);
        using var fresh = new EmbeddedCommitLog(Metastore);
        Assert.Equal(5, (await HistoryAsync(fresh)).Count);
    }

    [Fact]
    public async Task Move_DryRun_ChangesNothing()
    {
        if (fixture.Server is not { } server)
            return;
        await FillAsync(3);
        var options = server.NewSchema();
        Assert.Equal(3, await new LogMove(Metastore, options).ToPostgresAsync(isDryRun: true));
        foreach (bool isDryRun in (bool[])[true, false])
            await AssertKindAsync(ErrorKind.NotFound, () => new LogMove(_folder["other/.metastore"], options).FromPostgresAsync(isDryRun));
        await using (var connection = await PostgresMigrationTests.OpenAsync(options))
        {
            await using var schemas = new NpgsqlCommand($"SELECT count(*) FROM pg_namespace WHERE nspname = '{options.Schema}'", connection);
            Assert.Equal(0L, await schemas.ExecuteScalarAsync());
        }

        using var log = new EmbeddedCommitLog(Metastore);
        Assert.Equal(3, (await log.ReadAsync()).Number);
        using var target = new PostgresCommitLog(options);
        await target.AppendAsync(PostgresMigrationTests.Put("there"));
        Assert.Equal(1, await new LogMove(_folder["other/.metastore"], options).FromPostgresAsync(isDryRun: true));
        Assert.False(Directory.Exists(_folder["other"]));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => new LogMove(Metastore, options).ToPostgresAsync(isDryRun: true));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => new LogMove(Metastore, options).FromPostgresAsync(isDryRun: true));
    }

    [Fact]
    public async Task Move_WithoutTheRights_IsRefusedByADryRunToo()
    {
        if (fixture.Server is not { } server)
            return;
        await FillAsync(3);
        string user = PostgresServer.NewSchemaName();
        string address = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={server.Port};Database=postgres;Username={user};Password=x");
        PostgresOptions none = PostgresOptions.Parse(address, PostgresServer.NewSchemaName()), foreign = PostgresOptions.Parse(address, PostgresServer.NewSchemaName());
        await using (var connection = await PostgresMigrationTests.OpenAsync(server.NewSchema()))
        {
            await PostgresMigrationTests.ExecuteAsync(connection, $"CREATE ROLE {user} LOGIN PASSWORD 'x'");
            await PostgresMigrationTests.ExecuteAsync(connection, $"CREATE SCHEMA {foreign.Schema}; GRANT USAGE ON SCHEMA {foreign.Schema} TO {user}");
        }

        foreach (var options in (PostgresOptions[])[none, foreign])
        {
            foreach (bool isDryRun in (bool[])[true, false])
                await AssertKindAsync(ErrorKind.PermissionDenied, () => new LogMove(Metastore, options).ToPostgresAsync(isDryRun));
        }
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

    public void Dispose() => _folder.Dispose();

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
