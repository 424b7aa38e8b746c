using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Relations;

/// <summary>Groups of files of one table, as one relation.</summary>
public sealed class FileGroupTests
{
    private const int Rows = 2_000_000;
    private const int NewRows = 1_000;

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
