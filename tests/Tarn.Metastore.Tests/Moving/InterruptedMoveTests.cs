using System.Text;
using Npgsql;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Moving;
using Tarn.Metastore.Postgres;
using Tarn.Metastore.Tests.Postgres;
using Tarn.Testing.Files;
using Tarn.Testing.Net;
using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Moving;

/// <summary>Moves that are stopped between any two of their steps.</summary>
[Collection(PostgresFixture.Name)]
public sealed class InterruptedMoveTests(PostgresFixture fixture) : IDisposable
{
    private const long Moved = 3;

    private readonly TemporaryFolder _folder = new();

    private string Metastore => _folder["data/.metastore"];

    /// <summary>The directions of a move.</summary>
    public enum Way
    {
        /// <summary>To PostgreSQL.</summary>
        There,

        /// <summary>To the data folder that it came from, which has less.</summary>
        Back,

        /// <summary>To a data folder that has nothing.</summary>
        Fresh,
    }

    /// <summary>The connection ends around every statement that writes: no store shows less than everything, and the same command again finishes.</summary>
    [Theory]
    [InlineData(Way.There, "COMMIT\0", 0, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.There, "COMMIT\0", 0, CuttingProxy.Cut.BeforeAnswer)]
    [InlineData(Way.There, "INSERT INTO", 0, CuttingProxy.Cut.BeforeAnswer)]
    [InlineData(Way.There, "INSERT INTO", 1, CuttingProxy.Cut.BeforeAnswer)]
    [InlineData(Way.There, "COMMIT\0", 1, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.There, "COMMIT\0", 1, CuttingProxy.Cut.BeforeAnswer)]
    [InlineData(Way.There, "UPDATE t", 1, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.There, "COMMIT\0", 2, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.There, "COMMIT\0", 2, CuttingProxy.Cut.BeforeAnswer)]
    [InlineData(Way.Back, "UPDATE t", 0, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.Back, "COMMIT\0", 0, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.Back, "COMMIT\0", 0, CuttingProxy.Cut.BeforeAnswer)]
    [InlineData(Way.Fresh, "UPDATE t", 0, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.Fresh, "COMMIT\0", 0, CuttingProxy.Cut.BeforeStatement)]
    [InlineData(Way.Fresh, "COMMIT\0", 0, CuttingProxy.Cut.BeforeAnswer)]
    public async Task Move_ConnectionCut_IsFinishedByTheSameCommand(Way way, string statement, int passes, CuttingProxy.Cut at)
    {
        if (fixture.Server is not { } server)
            return;
        await using var proxy = new CuttingProxy(server.Port);
        var options = PostgresOptions.Parse(server.Address(proxy.Port), PostgresServer.NewSchemaName());
        var disk = PhysicalFileSystem.Instance;
        await PrepareAsync(way, Metastore, disk, options);
        (proxy.Statement, proxy.At, proxy.PassesLeft, proxy.CutsLeft) = (Encoding.ASCII.GetBytes(statement), at, passes, 1);
        await Assert.ThrowsAnyAsync<TarnException>(() => MoveAsync(way, Metastore, disk, options));
        Assert.True(proxy.CutsLeft <= 0);
        bool isBefore = way == Way.There && passes == 0 && at == CuttingProxy.Cut.BeforeStatement;
        await AssertNothingIsPartialAsync(way, Metastore, disk, options, mayBeEmpty: isBefore);
        await FinishAsync(way, Metastore, disk, options);
    }

    /// <summary>The power is cut before every operation on the disk of the data folder.</summary>
    [Theory]
    [InlineData(Way.There)]
    [InlineData(Way.Back)]
    [InlineData(Way.Fresh)]
    public async Task Move_PowerCut_IsFinishedByTheSameCommand(Way way)
    {
        if (fixture.Server is not { } server)
            return;
        const string metastore = "/data/.metastore";
        bool isCut = true;
        for (int cut = 1; isCut; cut++)
        {
            var options = server.NewSchema();
            var disk = new PowerCutFileSystem();
            await PrepareAsync(way, metastore, disk, options);
            disk.CutAt = disk.OperationCount + cut;
            try
            {
                Assert.Equal(Moved, await MoveAsync(way, metastore, disk, options));
            }
            catch (Exception error) when (disk.IsOff && error is TarnException or IOException)
            {
                // What is left of it is looked at below.
            }

            isCut = disk.IsOff;
            disk = disk.Reboot(cut);
            await AssertNothingIsPartialAsync(way, metastore, disk, options, mayBeEmpty: way != Way.Back);
            await FinishAsync(way, metastore, disk, options);
            Assert.True(isCut || cut > 5);
        }
    }

    /// <summary>Until the move has ended the target refuses everybody, with the command that finishes it.</summary>
    [Fact]
    public async Task Open_PostgresOfAnUnfinishedMove_IsRefusedWithTheWayOut()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        await PrepareAsync(Way.There, Metastore, PhysicalFileSystem.Instance, options);
        await Assert.ThrowsAsync<OperationCanceledException>(() => new LogMove(Metastore, options, onProgress: (_, _) => throw new OperationCanceledException()).ToPostgresAsync(isDryRun: false));
        using (var target = new PostgresCommitLog(options))
            await AssertRefusedAsync(target, $"tarn catalog migrate --to postgres --data {_folder["data"]}");
        // Another folder must not take the target over, and nothing can be brought from it.
        using (var other = new EmbeddedCommitLog(_folder["other/.metastore"]))
            await other.AppendAsync(PostgresMigrationTests.Put("other"));
        await AssertKindAsync(ErrorKind.InvalidRequest, () => MoveAsync(Way.There, _folder["other/.metastore"], PhysicalFileSystem.Instance, options));
        await AssertKindAsync(ErrorKind.InvalidRequest, () => MoveAsync(Way.Fresh, _folder["third/.metastore"], PhysicalFileSystem.Instance, options));
        await FinishAsync(Way.There, Metastore, PhysicalFileSystem.Instance, options);
    }

    [Fact]
    public async Task Open_FolderOfAnUnfinishedMove_IsRefusedWithTheWayOut()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        string metastore = _folder["it's here/.metastore"];
        await PrepareAsync(Way.Fresh, metastore, PhysicalFileSystem.Instance, options);
        Directory.CreateDirectory(metastore);
        MovedMarker.Write(PhysicalFileSystem.Instance, metastore, new MoveMark($"PostgreSQL at {options.Display}", IsUnfinished: true));
        using (var target = new EmbeddedCommitLog(metastore))
            await AssertRefusedAsync(target, $"tarn catalog migrate --from postgres --data '{_folder["it'\\''s here"]}'");
        await AssertKindAsync(ErrorKind.InvalidRequest, () => MoveAsync(Way.There, metastore, PhysicalFileSystem.Instance, server.NewSchema()));
        await FinishAsync(Way.Fresh, metastore, PhysicalFileSystem.Instance, options);
    }

    /// <summary>Earlier versions marked the source before the target had anything: what came of that is told, and neither direction loses anything.</summary>
    [Fact]
    public async Task Move_MarkedFolderAndPostgresWithoutItsCommits_KeepsTheFolder()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        await PrepareAsync(Way.There, Metastore, PhysicalFileSystem.Instance, options);
        MovedMarker.Write(PhysicalFileSystem.Instance, Metastore, new MoveMark($"PostgreSQL at {options.Display}"));
        using (var target = new PostgresCommitLog(options))
            await target.AppendAsync(PostgresMigrationTests.Put("root"));
        var to = await Assert.ThrowsAsync<TarnException>(() => MoveAsync(Way.There, Metastore, PhysicalFileSystem.Instance, options));
        Assert.DoesNotContain("was moved there", to.Message, StringComparison.Ordinal);
        Assert.Contains("not those of", to.Message, StringComparison.Ordinal);
        var from = await Assert.ThrowsAsync<TarnException>(() => MoveAsync(Way.Back, Metastore, PhysicalFileSystem.Instance, options));
        Assert.Contains("tarn catalog migrate --to postgres", from.Message, StringComparison.Ordinal);
        await ExecuteAsync(options, $"DROP SCHEMA {options.Schema} CASCADE");
        await AssertKindAsync(ErrorKind.NotFound, () => MoveAsync(Way.Back, Metastore, PhysicalFileSystem.Instance, options));
        Assert.Equal(Moved, await MoveAsync(Way.There, Metastore, PhysicalFileSystem.Instance, options));
        await FinishAsync(Way.There, Metastore, PhysicalFileSystem.Instance, options);
    }

    /// <summary>A mark of an earlier version in PostgreSQL, and a data folder in which somebody began anew since.</summary>
    [Fact]
    public async Task Move_MarkedPostgresAndFolderWithoutItsCommits_KeepsBoth()
    {
        if (fixture.Server is not { } server)
            return;
        var options = server.NewSchema();
        await PrepareAsync(Way.Fresh, Metastore, PhysicalFileSystem.Instance, options);
        await ExecuteAsync(options, $"UPDATE {options.Schema}.log SET moved_to = $place${MoveMark.Folder(_folder["data"])}$place$");
        using (var began = new EmbeddedCommitLog(Metastore))
            await began.AppendAsync(PostgresMigrationTests.Put("root"));
        string log = Path.Join(Metastore, EmbeddedCommitLog.LogName);
        var refused = await Assert.ThrowsAsync<TarnException>(() => MoveAsync(Way.Fresh, Metastore, PhysicalFileSystem.Instance, options));
        Assert.Contains($"remove '{log}'", refused.Message, StringComparison.Ordinal);
        File.Delete(log);
        await FinishAsync(Way.Fresh, Metastore, PhysicalFileSystem.Instance, options);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task PrepareAsync(Way way, string metastore, IFileSystem disk, PostgresOptions options)
    {
        using (var log = new PostgresCommitLog(options))
        {
            // The schema is there already, so that a cut meets the move's own statements.
            await log.ReadAsync();
            for (int i = 0; way == Way.Fresh && i < Moved; i++)
                await log.AppendAsync(PostgresMigrationTests.Put($"n{i}"));
        }

        if (way == Way.Fresh)
            return;
        using (var log = new EmbeddedCommitLog(metastore, disk))
        {
            for (int i = 0; i < Moved - (way == Way.Back ? 1 : 0); i++)
                await log.AppendAsync(PostgresMigrationTests.Put($"n{i}"));
        }

        if (way == Way.There)
            return;
        await MoveAsync(Way.There, metastore, disk, options);
        using var there = new PostgresCommitLog(options);
        await there.AppendAsync(PostgresMigrationTests.Put("there"));
    }

    private static Task<long> MoveAsync(Way way, string metastore, IFileSystem disk, PostgresOptions options)
    {
        var move = new LogMove(metastore, options, disk);
        return way == Way.There ? move.ToPostgresAsync(isDryRun: false) : move.FromPostgresAsync(isDryRun: false);
    }

    /// <summary>Every store refuses or shows everything; not both show it; where the source refuses, the target has everything.</summary>
    private static async Task AssertNothingIsPartialAsync(Way way, string metastore, IFileSystem disk, PostgresOptions options, bool mayBeEmpty)
    {
        using var embedded = new EmbeddedCommitLog(metastore, disk);
        using var shared = new PostgresCommitLog(options);
        bool isHere = await AnswersAsync(embedded, mayBeEmpty), isThere = await AnswersAsync(shared, mayBeEmpty);
        Assert.False(isHere && isThere);
        if (way == Way.There ? isHere : isThere)
            return;
        if (way != Way.There)
        {
            Assert.Equal(Moved, embedded.ReadStored().Commits.Count);
            return;
        }

        await using var connection = await PostgresMigrationTests.OpenAsync(options);
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {options.Schema}.commits", connection);
        Assert.Equal(Moved, await count.ExecuteScalarAsync());
    }

    /// <summary>Whether a store shows everything; a target to which nothing was written yet may be as empty as it was before.</summary>
    private static async Task<bool> AnswersAsync(ICommitLog log, bool mayBeEmpty = false)
    {
        try
        {
            long number = (await log.ReadAsync()).Number;
            Assert.True(number == Moved || (mayBeEmpty && number == 0), $"{number} commits");
            return number > 0;
        }
        catch (TarnException refused) when (refused.Kind == ErrorKind.InvalidRequest)
        {
            return false;
        }
    }

    /// <summary>The same command again: done now, or it says that it was done before.</summary>
    private static async Task FinishAsync(Way way, string metastore, IFileSystem disk, PostgresOptions options)
    {
        try
        {
            Assert.Equal(Moved, await MoveAsync(way, metastore, disk, options));
        }
        catch (TarnException done) when (done.Kind == ErrorKind.AlreadyExists)
        {
            Assert.Contains(way == Way.There ? "was moved there" : "it was moved here", done.Message, StringComparison.Ordinal);
        }

        using var embedded = new EmbeddedCommitLog(metastore, disk);
        using var shared = new PostgresCommitLog(options);
        Assert.Equal((way != Way.There, way == Way.There), (await AnswersAsync(embedded), await AnswersAsync(shared)));
        Assert.Equal(Moved + 1, (await (way == Way.There ? shared : (ICommitLog)embedded).AppendAsync(PostgresMigrationTests.Put("later"))).Number);
    }

    private static async Task AssertRefusedAsync(ICommitLog log, string command)
    {
        foreach (var use in (Func<Task>[])[() => log.ReadAsync().AsTask(), () => log.AppendAsync(PostgresMigrationTests.Put("lost")).AsTask()])
            Assert.Contains(command, (await Assert.ThrowsAsync<TarnException>(use)).Message, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(PostgresOptions options, string sql)
    {
        await using var connection = await PostgresMigrationTests.OpenAsync(options);
        await PostgresMigrationTests.ExecuteAsync(connection, sql);
    }

    private static async Task AssertKindAsync(ErrorKind kind, Func<Task> use) => Assert.Equal(kind, (await Assert.ThrowsAsync<TarnException>(use)).Kind);
}
