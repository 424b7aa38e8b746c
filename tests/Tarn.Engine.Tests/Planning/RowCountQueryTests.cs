using Tarn.DuckDb;
using Tarn.Engine.Planning;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Testing.Deletes;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Which queries only count the rows of a table, and what they answer.</summary>
public sealed class RowCountQueryTests : IAsyncLifetime, IDisposable
{
    private static readonly TableIdentifier Table = TableIdentifier.Of("s", "t");
    private readonly TemporaryFolder folder = new();
    private readonly LocalLake lake;

    public RowCountQueryTests() => lake = LocalLake.Open(folder.Path);

    public async Task InitializeAsync()
    {
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t WITH (format_version = 3) AS SELECT i AS id, i % 3 AS k FROM range(1000) r(i)");
    }

    public async Task DisposeAsync() => await lake.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("SELECT count(*) FROM s.t", "count_star()")]
    [InlineData("FROM s.t SELECT count(*)", "count_star()")]
    [InlineData("SELECT count(*) AS n, count() FROM s.t AS x", "n,count_star()")]
    [InlineData("SELECT count(id) FROM s.t", null)]
    [InlineData("SELECT DISTINCT count(*) FROM s.t", null)]
    [InlineData("SELECT count(*) + 1 FROM s.t", null)]
    [InlineData("SELECT count(*) FILTER (WHERE id > 1) FROM s.t", null)]
    [InlineData("SELECT count(*) OVER () FROM s.t", null)]
    [InlineData("SELECT count(*) FROM s.t WHERE id > 1", null)]
    [InlineData("SELECT count(*) FROM s.t GROUP BY id", null)]
    [InlineData("SELECT count(*) FROM s.t GROUP BY ALL", null)]
    [InlineData("SELECT count(*) FROM s.t HAVING count(*) > 1", null)]
    [InlineData("SELECT count(*) FROM s.t LIMIT 0", null)]
    [InlineData("SELECT count(*) FROM s.t TABLESAMPLE 10%", null)]
    [InlineData("SELECT count(*) FROM s.t USING SAMPLE 5 ROWS", null)]
    [InlineData("SELECT count(*) FROM s.t, s.t", null)]
    [InlineData("SELECT count(*) FROM (SELECT * FROM s.t)", null)]
    [InlineData("WITH x AS (SELECT 1) SELECT count(*) FROM s.t", null)]
    [InlineData("SELECT count(*) FROM s.t UNION ALL SELECT count(*) FROM s.t", null)]
    [InlineData("SELECT count(*) QUALIFY true FROM s.t", null)]
    public void CountColumns_Query_AreKnownOnlyOfTheWholeTable(string sql, string? columns)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        Assert.Equal(columns, ParseTree.Of(sql, connection).CountColumns is { } known ? string.Join(',', known) : null);
    }

    [Fact]
    public async Task Count_TableWithDeletes_SaysWhatReadingSaysWithoutReading()
    {
        await DeleteAsync([1, 2, 3]);
        Assert.Equal([997L, 997L], (await lake.RunAsync("SELECT count(*) AS a, count(*) AS b FROM s.t"))[0]);
        Assert.Equal(1000L, (await lake.RunAsync("SELECT count(*) FROM s.t FOR VERSION AS OF 'before'"))[0][0]);
        var plan = (await lake.RunAsync("EXPLAIN SELECT count(*) FROM s.t")).Select(r => (string)r[0]!).ToArray();
        Assert.Contains("  counted: 1 files by their footers, without reading rows", plan);
        Assert.DoesNotContain(plan, line => line.Contains("READ_PARQUET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Count_DeletesBeyondTheEndOfTheFile_CountForNothing()
    {
        await DeleteAsync([5, 999, 1000, 70_000]);
        Assert.Equal(998L, (await lake.RunAsync("SELECT count(*) FROM s.t"))[0][0]);
        Assert.Equal(998L, (await lake.RunAsync("SELECT count(id) FROM s.t"))[0][0]);
    }

    [Fact]
    public async Task Count_OfView_CountsItsRows()
    {
        await lake.RunAsync("CREATE VIEW s.v AS SELECT * FROM s.t WHERE id < 10");
        Assert.Equal(10L, (await lake.RunAsync("SELECT count(*) FROM s.v"))[0][0]);
        await lake.RunAsync("CREATE VIEW s.w AS SELECT count(*) FROM s.t");
        Assert.Equal(1L, (await lake.RunAsync("SELECT count(*) FROM s.w"))[0][0]);
        Assert.Equal(1L, (await lake.RunAsync("SELECT count(*) FROM s.\"t$snapshots\""))[0][0]);
    }

    /// <summary>Totals are optional in summaries; the manifests tell.</summary>
    [Theory]
    [InlineData("total-records")]
    [InlineData("total-records,total-delete-files,total-position-deletes,total-equality-deletes")]
    public async Task CountRows_SummaryWithoutTotals_IsThatOfTheManifests(string left)
    {
        var table = (await lake.Catalog.LoadTableAsync(Table))!;
        var snapshot = table.Metadata.CurrentSnapshot!;
        Assert.Equal(1000, await lake.Engine.CountRowsAsync(table, snapshot with { Summary = snapshot.Summary.RemoveRange(left.Split(',')) }));
    }

    [Fact]
    public async Task Count_EmptyTable_IsZero()
    {
        await lake.RunAsync("CREATE TABLE s.empty (id bigint)");
        Assert.Equal(0L, (await lake.RunAsync("SELECT count(*) FROM s.empty"))[0][0]);
    }

    [Fact]
    public async Task Count_IntoTable_WritesIt()
    {
        await DeleteAsync([0]);
        await lake.RunAsync("CREATE TABLE s.counted AS SELECT count(*) AS n FROM s.t");
        Assert.Equal(999L, (await lake.RunAsync("SELECT n FROM s.counted"))[0][0]);
    }

    private async Task DeleteAsync(long[] positions)
    {
        await lake.RunAsync("ALTER TABLE s.t CREATE TAG before");
        var table = (await lake.Catalog.LoadTableAsync(Table))!;
        var file = (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of(table.Metadata))).Tasks.Single().File;
        var writer = new WrittenDeletes(lake.Catalog, lake.Store, new Random(1));
        await writer.CommitAsync(Table, [await writer.VectorAsync(table, positions, file)]);
    }
}
