using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Testing.Deletes;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Deletes;

/// <summary>Equality deletes over a file of many rows, compared with the rows and as positions: keys close together, far apart, and such as only a join compares.</summary>
public sealed class EqualityDeletePositionsTests
{
    private const int Rows = 50_000;

    [Theory]
    [InlineData("bigint", "i - 25000")]
    [InlineData("bigint", "(i - 25000) * 9000000000")]
    [InlineData("integer", "i * 300")]
    [InlineData("double", "i / 2")]
    public async Task Select_RowsDeletedAllOverAFile_GivesTheSameFromKeysAndFromPositions(string type, string key)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (k {type}, i integer)");
        await lake.RunAsync($"INSERT INTO s.t SELECT {key}, i FROM range({Rows}) r(i)");
        var identifier = TableIdentifier.Of("s", "t");
        var table = (await lake.Catalog.LoadTableAsync(identifier))!;
        var file = (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of(table.Metadata))).Tasks.Single().File;
        var writer = new WrittenDeletes(lake.Catalog, lake.Store, new Random(1));
        var ids = new Dictionary<string, int> { ["k"] = table.Metadata.CurrentSchema.FindField("k")!.Id };
        await writer.CommitAsync(identifier, [await writer.EqualityAsync(table, $"SELECT ({key})::{type} AS k FROM range(7, {Rows}, 100) r(i)", ids, Rows / 100, file)]);

        long[] left = [.. Enumerable.Range(0, Rows).Where(i => i % 100 != 7).Select(i => (long)i)];
        for (int time = 0; time < 3; time++)
        {
            var row = (await lake.RunAsync("SELECT count(*), sum(i)::BIGINT, sum(i // 16384)::BIGINT, min(i), max(i) FROM s.t"))[0];
            Assert.Equal([(long)left.Length, left.Sum(), left.Sum(i => i / 16384), 0, Rows - 1], row);
            Assert.Empty(await lake.RunAsync("SELECT i FROM s.t WHERE i % 100 = 7"));
        }

        Assert.Equal((long)left.Length, (await lake.RunAsync("SELECT count(*) FROM s.t"))[0][0]);
    }
}
