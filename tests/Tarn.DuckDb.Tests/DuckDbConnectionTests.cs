namespace Tarn.DuckDb.Tests;

public sealed class DuckDbConnectionTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const string Endless = "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE a.range + b.range + c.range = -1";

    [Fact]
    public void LibraryVersion_IsTheOneWeBindTo() => Assert.StartsWith("v1.5.", DuckDbDatabase.LibraryVersion);

    [Fact]
    public void Open_UnknownSetting_IsRefused() =>
        Assert.Contains("no_such_setting",
            Assert.Throws<DuckDbException>(() => DuckDbDatabase.Open(settings: new Dictionary<string, string> { ["no_such_setting"] = "1" })).Message);

    [Fact]
    public void Open_File_KeepsItsTables()
    {
        var folder = Directory.CreateTempSubdirectory("tarn-duckdb");
        var path = Path.Combine(folder.FullName, "lake.db");
        using (var database = DuckDbDatabase.Open(path))
        using (var connection = database.Connect())
            connection.Execute("CREATE TABLE t AS SELECT 42 AS answer");
        using (var database = DuckDbDatabase.Open(path))
        using (var connection = database.Connect())
            Assert.Equal(42, connection.Scalar("SELECT answer FROM t"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Query_Cancelled_EndsAndLeavesTheConnectionUsable()
    {
        using var connection = fixture.Database.Connect();
        for (var round = 0; round < 5; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var running = Task.Run(() => connection.Query(Endless, cancellation.Token), CancellationToken.None);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            Assert.Equal(1, connection.Scalar("SELECT 1"));
        }
    }

    [Fact]
    public async Task Interrupt_FromAnotherThread_EndsTheStatement()
    {
        using var connection = fixture.Database.Connect();
        connection.Execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false");
        var running = Task.Run(() => connection.Query(Endless));
        // An interrupt before the statement begins is lost, so it is sent until the statement has ended.
        while (!running.IsCompleted)
        {
            connection.Interrupt();
            await Task.Yield();
        }
        await Assert.ThrowsAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Progress_WhileAStatementRuns_Grows()
    {
        using var connection = fixture.Database.Connect();
        connection.Execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0");
        connection.Execute("CREATE OR REPLACE TEMP TABLE numbers AS FROM range(3000000)");
        using var cancellation = new CancellationTokenSource();
        var running = Task.Run(() => connection.Query("SELECT count(*) FROM numbers a JOIN numbers b ON a.range + b.range = a.range * b.range + 7", cancellation.Token), CancellationToken.None);
        var seen = -1.0;
        while (!running.IsCompleted && seen <= 0)
        {
            seen = connection.Progress().Percentage;
            await Task.Yield();
        }
        await cancellation.CancelAsync();
        Assert.InRange(seen, 0, 100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void Query_TokenAlreadyCancelled_DoesNotRun()
    {
        using var connection = fixture.Database.Connect();
        Assert.Throws<OperationCanceledException>(() => connection.Query("CREATE TEMP TABLE never(i INT)", new CancellationToken(true)));
        Assert.Throws<DuckDbException>(() => connection.Query("FROM never"));
    }

    [Fact]
    public void Stream_ManyRows_StaysInBoundedMemory()
    {
        using var database = DuckDbDatabase.Open(settings: new Dictionary<string, string>
        {
            ["memory_limit"] = "64MB", ["max_temp_directory_size"] = "0KB", ["threads"] = "2",
        });
        using var connection = database.Connect();
        using var result = connection.Stream("SELECT i, i * 2 AS j, 'row number ' || i AS name FROM range(10000000) r(i)");
        Assert.True(result.IsStreaming);
        long rows = 0, sum = 0;
        foreach (var chunk in result.Chunks())
        {
            rows += chunk.RowCount;
            foreach (var value in chunk[0].Values<long>())
                sum += value;
        }
        Assert.Equal((10_000_000L, 10_000_000L * 9_999_999L / 2), (rows, sum));
    }

    [Fact]
    public void Stream_FailingLate_ThrowsWhileReading()
    {
        using var connection = fixture.Database.Connect();
        using var result = connection.Stream("SELECT CASE WHEN i = 4999999 THEN error('late') ELSE i END FROM range(5000000) r(i)");
        var error = Assert.Throws<DuckDbException>(() => result.Chunks().Sum(chunk => chunk.RowCount));
        Assert.Contains("late", error.Message);
    }

    [Fact]
    public void Stream_CancelledWhileReading_Throws()
    {
        using var connection = fixture.Database.Connect();
        using var cancellation = new CancellationTokenSource();
        using var result = connection.Stream("FROM range(1000000000000)", cancellation.Token);
        Assert.NotNull(result.NextChunk(cancellation.Token));
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => result.NextChunk(cancellation.Token));
    }

    [Fact]
    public void Stream_DisposedEarly_FreesTheConnection()
    {
        using var connection = fixture.Database.Connect();
        using (var result = connection.Stream("FROM range(1000000000000)"))
            Assert.NotNull(result.NextChunk());
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void Dispose_ConnectionBeforeItsResult_KeepsTheRows()
    {
        var connection = fixture.Database.Connect();
        using var materialised = connection.Query("FROM range(5000)");
        connection.Dispose();
        Assert.Equal(5000, materialised.Chunks().Sum(chunk => chunk.RowCount));
        Assert.Throws<ObjectDisposedException>(() => connection.Query("SELECT 1"));
    }

    [Fact]
    public void Query_ManyConnectionsAtOnce_DoNotDisturbEachOther()
    {
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            using var connection = fixture.Database.Connect();
            connection.Execute($"CREATE TEMP TABLE mine AS SELECT i * {worker} AS v FROM range(10000) r(i)");
            for (var round = 0; round < 20; round++)
                Assert.Equal((Int128)worker * 10_000 * 9_999 / 2, connection.Scalar("SELECT sum(v) FROM mine"));
        });
    }

    [Fact]
    public void Execute_InAFailedTransaction_AcceptsRollback()
    {
        using var connection = fixture.Database.Connect();
        connection.Execute("BEGIN");
        Assert.Throws<DuckDbException>(() => connection.Execute("SELECT 'x'::INTEGER FROM range(3)"));
        connection.Execute("ROLLBACK");
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }
}
