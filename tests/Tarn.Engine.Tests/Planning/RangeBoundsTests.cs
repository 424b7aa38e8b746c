using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Ranges with open ends read no file that only begins where the range ends.</summary>
public sealed class RangeBoundsTests
{
    [Theory]
    [InlineData("ts >= TIMESTAMP '2026-01-02' AND ts < TIMESTAMP '2026-01-03'", 1, 1)]
    [InlineData("ts >= TIMESTAMP '2026-01-02' AND ts <= TIMESTAMP '2026-01-03'", 2, 2)]
    [InlineData("ts BETWEEN TIMESTAMP '2026-01-02' AND TIMESTAMP '2026-01-03'", 2, 2)]
    [InlineData("ts > TIMESTAMP '2026-01-02' AND ts < TIMESTAMP '2026-01-03'", 0, 0)]
    [InlineData("(ts >= TIMESTAMP '2026-01-02' AND ts < TIMESTAMP '2026-01-03') OR ts BETWEEN TIMESTAMP '2026-01-03' AND TIMESTAMP '2026-01-04'", 3, 3)]
    public async Task Query_RangeOfDays_ReadsTheFilesOfTheDays(string filter, int files, long rows)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await RunAsync(lake, "CREATE SCHEMA s");
        await RunAsync(lake, "CREATE TABLE s.t WITH (partitioning = ARRAY['day(ts)']) AS SELECT TIMESTAMP '2026-01-01' + to_days(i::INTEGER) AS ts FROM range(5) AS r(i)");
        var explained = await RunAsync(lake, $"EXPLAIN SELECT count(*) FROM s.t WHERE {filter}");
        Assert.Contains(explained, line => ((string)line!).Contains($"files: {files} of 5 read", StringComparison.Ordinal));
        Assert.Equal([rows], await RunAsync(lake, $"SELECT count(*) FROM s.t WHERE {filter}"));
    }

    private static async Task<List<object?>> RunAsync(LocalLake lake, string sql)
    {
        await using var result = await lake.Session.ExecuteAsync(sql);
        var values = new List<object?>();
        await foreach (var batch in result.ReadBatchesAsync())
        {
            for (int row = 0; row < batch.RowCount; row++)
                values.Add(batch.GetValue(0, row));
        }

        return values;
    }
}
