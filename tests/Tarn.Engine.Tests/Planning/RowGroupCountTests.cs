using System.Globalization;
using System.Text.RegularExpressions;
using Tarn.Testing;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Row groups that EXPLAIN ANALYZE counts, over a table of one file with three row groups.</summary>
public sealed partial class RowGroupCountTests(ThreeRowGroups table) : IClassFixture<ThreeRowGroups>
{
    private const int RowGroupRows = ThreeRowGroups.RowGroupRows;
    private readonly LocalLake lake = table.Lake;

    [Theory]
    [InlineData("id < 10", 1)]
    [InlineData("id BETWEEN 122879 AND 122880", 2)]
    [InlineData("id IN (5, 300000)", 2)]
    [InlineData("late IS NOT NULL", 2)]
    [InlineData("late IS NULL", 1)]
    [InlineData("part.x > 245760", 1)]
    [InlineData("part.x IS NULL", 1)]
    [InlineData("list_contains(part.tags, 1)", 3)]
    [InlineData("code >= '245760'", 1)]
    [InlineData("price < 1", 1)]
    [InlineData("day = DATE '2024-01-02'", 1)]
    // The engine sorts NaN above all numbers, and footers do not count it.
    [InlineData("ratio > 300000", 3)]
    [InlineData("ratio < 10", 1)]
    [InlineData("true", 3)]
    public async Task ExplainAnalyze_Filter_CountsRowGroupsThatMayMatch(string filter, int kept)
    {
        var count = await CountAsync($"SELECT count(*) FROM s.t WHERE {filter}");
        Assert.Equal((kept, 3, kept * (long)RowGroupRows), count);
    }

    [Fact]
    public async Task ExplainAnalyze_ColumnsChangedSince_AreFoundByTheirIds()
    {
        await lake.RunAsync("CREATE TABLE s.changed AS SELECT id, late FROM s.t");
        await lake.RunAsync("ALTER TABLE s.changed RENAME COLUMN late TO later");
        await lake.RunAsync("ALTER TABLE s.changed ALTER COLUMN later SET DATA TYPE bigint");
        await lake.RunAsync("ALTER TABLE s.changed ADD COLUMN late integer");
        Assert.Equal(1, (await CountAsync("SELECT id FROM s.changed WHERE later > 250000")).Kept);
        Assert.Equal(3, (await CountAsync("SELECT id FROM s.changed WHERE late > 250000 OR late IS NULL")).Kept);
    }

    [Fact]
    public async Task ExplainAnalyze_RandomRanges_KeepAllRowsThatMatch()
    {
        var random = new Random(Soak.Seed);
        for (int round = 0; round < 20; round++)
        {
            string column = random.GetItems(["id", "late", "part.x", "ratio"], 1)[0];
            string filter = $"{column} {random.GetItems(["<", "<=", ">", ">=", "=", "<>"], 1)[0]} {random.Next(RowGroupRows * 3)}";
            var rows = await lake.RunAsync($"SELECT count(*) FROM s.t WHERE {filter}");
            var count = await CountAsync($"SELECT * FROM s.t WHERE {filter}");
            Assert.True(count.Rows >= (long)rows[0][0]!, $"seed {Soak.Seed}: {filter} selects {rows[0][0]} rows, kept are {count}");
        }
    }

    [Fact]
    public async Task Explain_WithoutAnalyze_OpensNoRowGroups() =>
        Assert.DoesNotContain(await lake.RunAsync("EXPLAIN SELECT * FROM s.t WHERE id < 10"), r => ((string)r[0]!).Contains("row groups", StringComparison.Ordinal));

    private async Task<(int Kept, int Total, long Rows)> CountAsync(string sql)
    {
        var lines = await lake.RunAsync($"EXPLAIN ANALYZE {sql}");
        var match = lines.Select(r => Line().Match((string)r[0]!)).Single(m => m.Success);
        return (Number(match, 1), Number(match, 2), Number(match, 3));
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^  row groups: ([0-9]+) of ([0-9]+) by statistics, ([0-9]+) rows$")]
    private static partial Regex Line();
}
