using System.Diagnostics;
using Tarn.CommandLine;

namespace Tarn.Tests;

/// <summary><c>tarn sql</c> as its users meet it, on an empty lake.</summary>
public sealed class SqlCommandTests : IDisposable
{
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Fact]
    public async Task Sql_ScriptOnStdin_RunsItsStatements()
    {
        var result = await _tarn.RunWithInputAsync("SELECT 1 AS a; -- first\nSELECT ';' AS b;", "sql", "--format", "ndjson");

        Assert.Equal(new ProcessResult(ExitCode.Done, "{\"a\":1}\n{\"b\":\";\"}\n", ""), result);
    }

    [Theory]
    [InlineData("SELECT 6 * 7 AS answer", "{\"answer\":42}\n")]
    [InlineData("SHOW SCHEMAS FROM iceberg LIKE 'none'", "")]
    public async Task Sql_OnlyLooking_MakesNoDataFolder(string sql, string rows)
    {
        foreach (string[] words in (string[][])[["sql", sql], ["sql", "-c", sql]])
            Assert.Equal(new ProcessResult(ExitCode.Done, rows, ""), await _tarn.RunAsync([.. words, "--data", "nowhere", "--format", "ndjson"]));
        Assert.False(Directory.Exists(Path.Join(_tarn.Folder, "nowhere")));
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "CREATE SCHEMA s", "--data", "nowhere")).ExitCode);
        Assert.True(Directory.Exists(Path.Join(_tarn.Folder, "nowhere")));
    }

    [Theory]
    [InlineData("sql", "SELECT 1 AS a")]
    [InlineData("sql", "CREATE SCHEMA other")]
    [InlineData("tables")]
    public async Task AnyCommand_OtherWarehouseLocationThanTheLakes_IsRefused(params string[] words)
    {
        string own = $"file://{_tarn.Folder}/warehouse", other = $"file://{_tarn.Folder}/elsewhere";
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "CREATE SCHEMA s", "--warehouse-location", own)).ExitCode);
        foreach (string same in (string[])[own, own + "/"])
            Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("sql", "SHOW SCHEMAS", "--warehouse-location", same)).ExitCode);

        var result = await _tarn.RunAsync([.. words, "--warehouse-location", other]);

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains($"keeps its tables under '{own}', not '{other}'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://lake", "--warehouse-location is 's3://lake', but storage.s3.bucket keeps the lake under 's3://company/sales'")]
    [InlineData("s3://company/sales", null)]
    public async Task AnyCommand_WarehouseLocationBesideABucket_MustBeTheBucket(string location, string? problem)
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), "storage:\n  s3:\n    bucket: company\n    prefix: sales\n    credentials: anonymous\n");

        var result = await _tarn.RunAsync("sql", "SELECT 1 AS a", "--warehouse-location", location);

        Assert.Equal(problem is null ? ExitCode.Done : ExitCode.Failed, result.ExitCode);
        Assert.Contains(problem ?? "", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_StatementAndFile_IsWrongUse() => Assert.Equal(ExitCode.Usage, (await _tarn.RunAsync("sql", "SELECT 1", "-f", "x.sql")).ExitCode);

    [Fact]
    public async Task Sql_SchemaOfSeveralLevelsAndOtherWarehouse_AreRead()
    {
        await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA a; CREATE SCHEMA a.b; CREATE TABLE a.b.t AS SELECT 1 AS x");
        await _tarn.RunAsync("catalog", "create", "other");
        await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA other.s; CREATE TABLE other.s.t AS SELECT 2 AS x");
        var joined = await _tarn.RunAsync("sql", "SELECT t.x, u.x AS y FROM iceberg.a.b.t, other.s.t u", "--format", "ndjson");
        Assert.Equal(new ProcessResult(ExitCode.Done, "{\"x\":1,\"y\":2}\n", ""), joined);
        foreach (var (table, row) in ((string, string)[])[("a.b.t", "1"), ("iceberg.a.b.t", "1"), ("other.s.t", "2")])
            Assert.Equal(new ProcessResult(ExitCode.Done, $"{{\"x\":{row}}}\n", ""), await _tarn.RunAsync("read", table, "--format", "ndjson"));
        Assert.Contains("there is no schema 'a.c'", (await _tarn.RunAsync("read", "iceberg.a.c.t")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_SchemaOfTheNameOfAWarehouse_ChangesTheTableThatIsNamed()
    {
        await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA iceberg.a; CREATE SCHEMA iceberg.a.b");
        await _tarn.RunAsync("catalog", "create", "a");
        await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA a.b; CREATE TABLE a.b.t AS SELECT 10 AS x; INSERT INTO a.b.t VALUES (20)");
        await _tarn.RunAsync("sql", "-c", "CREATE TABLE iceberg.a.b.t AS SELECT 1 AS x; INSERT INTO iceberg.a.b.t VALUES (2)");
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("rollback", "iceberg.a.b.t", "--to", "previous")).ExitCode);

        Assert.Equal("{\"x\":1}\n", (await _tarn.RunAsync("read", "iceberg.a.b.t", "--format", "ndjson")).Out);
        Assert.Equal(2, (await _tarn.RunAsync("read", "a.b.t", "--format", "ndjson")).Out.Count(c => c == '\n'));
        Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("tag", "set", "a.b.t", "pii")).ExitCode);
        Assert.Contains("pii", (await _tarn.RunAsync("describe", "a.b.t")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("pii", (await _tarn.RunAsync("describe", "iceberg.a.b.t")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_OfARollback_BringsTheNewerStateBack()
    {
        await _tarn.RunAsync("sql", "-c", "CREATE SCHEMA r; CREATE TABLE r.t AS SELECT 1 AS x; INSERT INTO r.t VALUES (2); INSERT INTO r.t VALUES (3); ALTER TABLE r.t CREATE TAG three");
        foreach (var (to, rows) in new[] { ("previous", 2), ("previous", 3), ("previous", 2), ("three", 3) })
        {
            Assert.Equal(ExitCode.Done, (await _tarn.RunAsync("rollback", "r.t", "--to", to)).ExitCode);
            Assert.Equal(rows, (await _tarn.RunAsync("read", "r.t", "--format", "ndjson")).Out.Count(c => c == '\n'));
        }
    }

    [Fact]
    public async Task Sql_ManyProcessesWithOneScript_AllEnd()
    {
        const int Count = 6;
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "s.csv"), "i\n1\n");
        var runs = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => _tarn.BashAsync(
            "tarn sql -c 'CREATE SCHEMA IF NOT EXISTS s; CREATE TABLE IF NOT EXISTS s.t (i int); INSERT INTO s.t VALUES (1)' && tarn ingest s.csv -t x.y")));
        Assert.All(runs, run => Assert.True(run.ExitCode == ExitCode.Done, run.ToString()));
        Assert.Equal($"{{\"t\":{Count},\"y\":{Count}}}\n", (await _tarn.RunAsync("sql", "-c", "SELECT (SELECT count(*) FROM s.t) AS t, (SELECT count(*) FROM x.y) AS y", "--format", "ndjson")).Out);
    }

    [Fact]
    public async Task Sql_FailingStatement_NamesItsLineAndKeepsStdoutClean()
    {
        await File.WriteAllTextAsync(Path.Join(_tarn.Folder, "bad.sql"), "SELECT 1 AS a;\n\nSELECT * FROM sales.nothing;");
        var result = await _tarn.RunAsync("sql", "-f", "bad.sql", "--format", "csv");

        Assert.Equal((ExitCode.Failed, "a\n1\n"), (result.ExitCode, result.Out));
        Assert.StartsWith("error: bad.sql, statement at line 3: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_ReaderThatLeaves_EndsQuietly()
    {
        var result = await _tarn.BashAsync("set -o pipefail; tarn sql --format csv -c 'SELECT * FROM range(100000000000)' | head -2");

        Assert.Equal(new ProcessResult(ExitCode.Done, "range\n0\n", ""), result);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Sql_Signal_CancelsWith130(string signal)
    {
        using var process = _tarn.Start("sql", "--format", "ndjson", "-c", "SELECT 1 AS started", "-c", "SELECT count(*) FROM range(1000000000000) a, range(1000) b");
        var first = await process.StandardOutput.ReadLineAsync();
        var result = await TarnProcess.EndAsync(process, signal);

        Assert.Equal("{\"started\":1}", first);
        Assert.Equal((ExitCode.Cancelled, ""), (result.ExitCode, result.Out));
        Assert.EndsWith("cancelled\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_SyntaxError_PointsAtItsPlace()
    {
        var result = await _tarn.RunAsync("sql", "-c", "SELECT 1 +\n  FROM");

        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("error: line 2:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_TwoProcessesAppendingToOneFile_KeepBothResults()
    {
        var result = await _tarn.BashAsync("(tarn sql --format csv -c 'SELECT 1 AS a'; tarn sql --format csv -c 'SELECT 2 AS a') > out.csv && cat out.csv");

        Assert.Equal(new ProcessResult(ExitCode.Done, "a\n1\na\n2\n", ""), result);
    }
}
