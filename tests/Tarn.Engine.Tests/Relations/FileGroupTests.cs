using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Relations;

/// <summary>Groups of files of one table, as one relation.</summary>
public sealed class FileGroupTests
{
    private const int Rows = 2_000_000;
    private const int NewRows = 1_000;

    [Fact]
    public async Task Query_FilesOfTwoSchemasThatFitOneByOneOnly_GoesOnOnDisk()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t AS SELECT i AS k, hash(i)::VARCHAR AS h FROM range({Rows}) AS r(i)");
        await lake.RunAsync("ALTER TABLE s.t ADD COLUMN late VARCHAR");
        await lake.RunAsync($"INSERT INTO s.t SELECT i, hash(i)::VARCHAR, 'late' FROM range({Rows}, {2 * Rows}) AS r(i)");
        await lake.RunAsync("SET threads = 2");
        await lake.RunAsync("SET memory_limit = '190MB'");
        Assert.Equal([(2L * Rows) - 1, (2L * Rows) - 1], Assert.Single(await lake.RunAsync("SELECT count(*), max(place) - 1 FROM (SELECT k, row_number() OVER (ORDER BY h) AS place FROM s.t) WHERE place > 1")));
    }

    [Theory]
    [InlineData("ALTER TABLE s.t ADD COLUMN late INTEGER", "2, 'b', 3", "1,a,", 1)]
    [InlineData("ALTER TABLE s.t ALTER COLUMN k SET DATA TYPE bigint", "3000000000, 'b'", "1,a", 1)]
    [InlineData("ALTER TABLE s.t DROP COLUMN h", "2", "1", 1)]
    [InlineData("ALTER TABLE s.t RENAME COLUMN h TO g", "2, 'b'", "1,a", 2)]
    [InlineData("ALTER TABLE s.t DROP COLUMN h; ALTER TABLE s.t ADD COLUMN h DOUBLE", "2, 0.5", "1,", 2)]
    [InlineData("ALTER TABLE s.t ADD COLUMN late INTEGER DEFAULT 7", "2, 'b', 3", "1,a,7", 2)]
    [InlineData("ALTER TABLE s.t DROP COLUMN h; ALTER TABLE s.t RENAME COLUMN k TO h; ALTER TABLE s.t ADD COLUMN k INTEGER", "2, 4", "1,", 2)]
    public async Task Select_FilesOfTwoSchemas_ReadsThemAtOnceWhereNamesTellTheColumns(string changes, string values, string firstRow, int scans)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (k INTEGER, h VARCHAR) WITH (format_version = 3)");
        await lake.RunAsync("INSERT INTO s.t VALUES (1, 'a')");
        foreach (string change in changes.Split(';'))
            await lake.RunAsync(change);
        await lake.RunAsync($"INSERT INTO s.t VALUES ({values})");
        string plan = string.Join('\n', (await lake.RunAsync("EXPLAIN SELECT * FROM s.t")).Select(r => (string)r[0]!));
        Assert.True(scans == plan.Split("Function:").Length - 1, plan);
        Assert.Equal(firstRow, string.Join(',', (await lake.RunAsync("SELECT * FROM s.t ORDER BY 1"))[0]));
    }

    [Theory]
    [InlineData("SELECT sum(n) FROM (SELECT hash(k) AS h, count(*) AS n FROM s.t GROUP BY h)")]
    [InlineData("SELECT sum(n) FROM (SELECT k % 7 AS g, count(DISTINCT hash(k)) AS n FROM s.t GROUP BY g)")]
    [InlineData("SELECT count(*) FROM (SELECT k, row_number() OVER (ORDER BY hash(k)) AS place FROM s.t) WHERE place > 0")]
    public async Task Query_LargerThanMemoryAfterAFewRowsWithANewColumn_GoesOnOnDisk(string sql)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t AS SELECT i AS k FROM range({Rows}) AS r(i)");
        await lake.RunAsync("ALTER TABLE s.t ADD COLUMN late VARCHAR");
        await lake.RunAsync($"INSERT INTO s.t SELECT -1 - i, 'late' FROM range({NewRows}) AS r(i)");
        await lake.RunAsync("SET threads = 2");
        await lake.RunAsync("SET memory_limit = '60MB'");
        Assert.Equal(Rows + NewRows, Convert.ToInt64(Assert.Single(await lake.RunAsync(sql))[0]!.ToString(), System.Globalization.CultureInfo.InvariantCulture));
    }
}
