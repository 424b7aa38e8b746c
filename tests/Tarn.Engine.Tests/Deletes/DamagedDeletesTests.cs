using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Testing.Deletes;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Deletes;

/// <summary>Delete files that are damaged or contradict their manifest end a query with an error that names them; no row comes back to life.</summary>
public sealed class DamagedDeletesTests : IAsyncLifetime
{
    private static readonly TableIdentifier Table = TableIdentifier.Of("s", "t");
    private readonly TemporaryFolder folder = new();
    private LocalLake lake = null!;
    private TableHandle table = null!;
    private DataFile data = null!;
    private WrittenDeletes writer = null!;

    public async Task InitializeAsync()
    {
        lake = LocalLake.Open(folder.Path);
        writer = new WrittenDeletes(lake.Catalog, lake.Store, new Random(1));
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id bigint) WITH (format_version = 3)");
        await lake.RunAsync("INSERT INTO s.t SELECT * FROM range(1000)");
        table = (await lake.Catalog.LoadTableAsync(Table))!;
        data = (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of(table.Metadata))).Tasks.Single().File;
    }

    public async Task DisposeAsync()
    {
        await lake.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Select_VectorOfWrongCardinality_IsAnError() =>
        await RefusesAsync(await writer.VectorAsync(table, [1, 2, 3], data) with { RecordCount = 4 }, "3 positions");

    [Fact]
    public async Task Select_VectorCutShort_IsAnError()
    {
        var vector = await writer.VectorAsync(table, [1, 2, 3], data);
        await RefusesAsync(vector with { ContentSizeInBytes = vector.ContentSizeInBytes - 5 }, "deletion vector");
    }

    [Fact]
    public async Task Select_VectorBeyondItsFile_IsAnError()
    {
        var vector = await writer.VectorAsync(table, [1, 2, 3], data);
        await RefusesAsync(vector with { ContentOffset = 1_000_000 }, "byte 1000000");
    }

    [Fact]
    public async Task Select_VectorWithoutSize_IsAnError() =>
        await RefusesAsync(await writer.VectorAsync(table, [1, 2, 3], data) with { ContentSizeInBytes = null }, "content_size_in_bytes");

    [Fact]
    public async Task Select_VectorWithChangedByte_IsAnError()
    {
        var vector = await writer.VectorAsync(table, [1, 2, 3], data);
        byte[] bytes = (await lake.Store.ReadAsync(vector.FilePath)).ToArray();
        bytes[20] ^= 1;
        await lake.Store.PutAsync(vector.FilePath, bytes, Core.Storage.PutCondition.Overwrite);
        await RefusesAsync(vector, "checksum");
    }

    [Fact]
    public async Task Select_VectorFileMissing_IsAnError()
    {
        var vector = await writer.VectorAsync(table, [1, 2, 3], data);
        await lake.Store.DeleteAsync(vector.FilePath);
        await RefusesAsync(vector, "Restore the file");
    }

    [Fact]
    public async Task Select_PositionDeleteFileDamaged_IsAnError()
    {
        var deletes = await writer.PositionsAsync(table, [(data.FilePath, 1)], data);
        byte[] bytes = (await lake.Store.ReadAsync(deletes.FilePath)).ToArray();
        bytes.AsSpan(4, 40).Fill(0xFF);
        await lake.Store.PutAsync(deletes.FilePath, bytes, Core.Storage.PutCondition.Overwrite);
        await RefusesAsync(deletes, "damaged");
    }

    [Theory]
    [InlineData("SELECT 7::BIGINT AS id", "id")]
    [InlineData("SELECT 7::BIGINT AS id, 8::BIGINT AS other", "id other")]
    public async Task Select_EqualityDeleteFileDamaged_IsAnError(string sql, string compared)
    {
        var ids = compared.Split(' ').Index().ToDictionary(c => c.Item, c => c.Index + 1);
        if (ids.Count > 1)
        {
            await lake.RunAsync("ALTER TABLE s.t ADD COLUMN other bigint");
            table = (await lake.Catalog.LoadTableAsync(Table))!;
        }

        var deletes = await writer.EqualityAsync(table, sql, ids, 1, data);
        byte[] bytes = (await lake.Store.ReadAsync(deletes.FilePath)).ToArray();
        bytes.AsSpan(4, 20).Fill(0xFF);
        await lake.Store.PutAsync(deletes.FilePath, bytes, Core.Storage.PutCondition.Overwrite);
        await RefusesAsync(deletes, "damaged");
    }

    [Fact]
    public async Task Select_EqualityDeleteWithoutColumns_IsAnError()
    {
        var deletes = await writer.EqualityAsync(table, "SELECT 1::BIGINT AS id", new Dictionary<string, int> { ["id"] = 1 }, 1, data);
        await RefusesAsync(deletes with { EqualityIds = null }, "equality_ids");
    }

    [Fact]
    public async Task Select_EqualityDeleteOfUnknownColumn_IsAnError()
    {
        var deletes = await writer.EqualityAsync(table, "SELECT 1::BIGINT AS id", new Dictionary<string, int> { ["id"] = 99 }, 1, data);
        await writer.CommitAsync(Table, [deletes]);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("SELECT * FROM s.t"));
        Assert.Contains("field 99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_TableWithDeletes_CountsThem()
    {
        await writer.CommitAsync(Table, [await writer.VectorAsync(table, [1, 2, 3], data), await writer.EqualityAsync(table, "SELECT 7::BIGINT AS id", new Dictionary<string, int> { ["id"] = 1 }, 1, data)]);
        var plan = (await lake.RunAsync("EXPLAIN SELECT * FROM s.t")).Select(r => (string)r[0]!);
        Assert.Contains("  deletes: 3 rows of 1 files by position, 1 equality delete files over 1 files", plan);
        Assert.Equal(996L, (await lake.RunAsync("SELECT count(*) FROM s.t"))[0][0]);
        Assert.Null((await lake.RunAsync("SHOW STATS FOR s.t"))[^1][4]);
    }

    [Fact]
    public async Task Explain_Count_ComparesNothing()
    {
        await writer.CommitAsync(Table, [await writer.EqualityAsync(table, "SELECT 7::BIGINT AS id", new Dictionary<string, int> { ["id"] = 1 }, 1, data)]);
        for (int time = 0; time < 3; time++)
            Assert.Contains("  to be read: 1 files, whose rows are compared with equality deletes", (await lake.RunAsync("EXPLAIN SELECT count(*) FROM s.t")).Select(r => (string)r[0]!));
        Assert.Equal(999L, (await lake.RunAsync("SELECT count(*) FROM s.t"))[0][0]);
        Assert.Contains("  counted: 1 files by their footers, without reading rows", (await lake.RunAsync("EXPLAIN SELECT count(*) FROM s.t")).Select(r => (string)r[0]!));
    }

    [Fact]
    public async Task Select_DataFileListedTwice_IsReadTwiceWithoutItsDeletedRows()
    {
        await writer.CommitAsync(Table, [await writer.EqualityAsync(table, "SELECT 7::BIGINT AS id", new Dictionary<string, int> { ["id"] = 1 }, 1, data)], dataTwice: true);
        for (int time = 0; time < 3; time++)
        {
            Assert.Equal(1998L, (await lake.RunAsync("SELECT count(*) FROM s.t"))[0][0]);
            Assert.Equal(1998, (await lake.RunAsync("SELECT id FROM s.t")).Count(r => (long)r[0]! != 7));
        }
    }

    [Fact]
    public async Task ShowStats_DeletionVectorsOnly_CountsRowsThatAreLeft()
    {
        await writer.CommitAsync(Table, [await writer.VectorAsync(table, [1, 2, 3], data)]);
        Assert.Equal(997.0, (await lake.RunAsync("SHOW STATS FOR s.t"))[^1][4]);
    }

    [Fact]
    public async Task ShowStats_PositionDeletesThatOverlap_CountsRowsThatAreLeft()
    {
        string file = data.FilePath;
        await writer.CommitAsync(Table, [await writer.PositionsAsync(table, [(file, 1), (file, 2), (file, 5000), ("s3://lake/gone.parquet", 7)], data)]);
        await writer.CommitAsync(Table, [await writer.PositionsAsync(table, [(file, 2), (file, 3)], data)]);
        Assert.Equal(997.0, (await lake.RunAsync("SHOW STATS FOR s.t"))[^1][4]);
        Assert.Equal(997L, (await lake.RunAsync("SELECT count(*) FROM s.t"))[0][0]);
    }

    private async Task RefusesAsync(DataFile delete, string why)
    {
        await writer.CommitAsync(Table, [delete]);
        foreach (string sql in new[] { "SELECT * FROM s.t", "SELECT count(*) FROM s.t" })
        {
            var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync(sql));
            Assert.True(error.Kind == ErrorKind.DataCorrupted, error.ToString());
            Assert.Contains(delete.FilePath, error.Message, StringComparison.Ordinal);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }
}
