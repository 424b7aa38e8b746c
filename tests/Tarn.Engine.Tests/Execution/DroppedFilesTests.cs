using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;
using Tarn.Testing.Time;

namespace Tarn.Engine.Tests.Execution;

/// <summary>What is deleted after a drop, and what is not, because a branch, another table or the time for undropping still needs it.</summary>
public sealed class DroppedFilesTests : IAsyncLifetime, IDisposable
{
    private static readonly TableIdentifier Orders = TableIdentifier.Of("sales", "orders");
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private LocalLake _lake = null!;
    private EmbeddedCommitLog _log = null!;

    private EmbeddedCatalogs Catalogs => new(_log, _lake.Store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" }, _time);

    public async Task InitializeAsync()
    {
        _time.Advance(DateTimeOffset.UtcNow - _time.GetUtcNow());
        _lake = LocalLake.Open(_folder.Path);
        _log = new EmbeddedCommitLog(_lake.Folder.MetastoreFolder);
        await _lake.RunAsync("CREATE SCHEMA sales");
        await _lake.RunAsync("CREATE TABLE sales.orders AS SELECT 1 AS id");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Purge_OnMain_WaitsForTheBranchThatHasTheTable()
    {
        await Branches.CreateAsync("dev");
        await _lake.RunAsync("INSERT INTO sales.orders VALUES (2)");
        int all = await CountFilesAsync();
        await _lake.RunAsync("DROP TABLE sales.orders PURGE");
        Assert.Equal(all, await CountFilesAsync());
        await ExpireAsync();
        Assert.Equal(all, await CountFilesAsync());
        await _lake.RunAsync("CREATE TABLE sales.orders AS SELECT 9 AS id");
        Assert.Equal("1", await IdsAsync("\"iceberg@dev\".sales.orders"));
        await Branches.DeleteAsync("dev");
        await ExpireAsync();
        Assert.Equal("9", await IdsAsync("sales.orders"));
        Assert.InRange(await CountFilesAsync(), 1, all - 1);
        Assert.Empty((await _log.ReadAsync()).Dropped);
    }

    [Fact]
    public async Task Purge_OfTheLastName_DeletesEveryFileAndNoOther()
    {
        await _lake.RunAsync("CREATE TABLE sales.others AS SELECT 5 AS id");
        await _lake.RunAsync("INSERT INTO sales.orders VALUES (2)");
        await _lake.RunAsync("DROP TABLE sales.orders PURGE");
        await ExpireAsync();
        Assert.Equal("5", await IdsAsync("sales.others"));
        await _lake.RunAsync("DROP TABLE sales.others PURGE");
        await ExpireAsync();
        Assert.Equal(0, await CountFilesAsync());
        Assert.Empty((await _log.ReadAsync()).Dropped);
    }

    [Fact]
    public async Task Drop_WithoutPurge_KeepsTheFilesForGood()
    {
        int all = await CountFilesAsync();
        await _lake.RunAsync("DROP TABLE sales.orders");
        await ExpireAsync();
        Assert.Equal(all, await CountFilesAsync());
        Assert.Empty((await _log.ReadAsync()).Dropped);
    }

    [Fact]
    public async Task Undrop_WithinTheTime_BringsTheRowsBack()
    {
        await _lake.RunAsync("DROP TABLE sales.orders PURGE");
        _time.Advance(TimeSpan.FromDays(6));
        Assert.Equal(0, await Catalogs.Default.ExpireDroppedAsync());
        await Catalogs.Default.UndropAsync(Orders, TableIdentifier.Of("sales", "back"));
        await ExpireAsync();
        Assert.Equal("1", await IdsAsync("sales.back"));
    }

    [Fact]
    public async Task DeletedBranch_AfterTheTime_LosesItsOwnFilesOnly()
    {
        int before = await CountFilesAsync();
        await Branches.CreateAsync("dev");
        await _lake.RunAsync("INSERT INTO \"iceberg@dev\".sales.orders VALUES (2)");
        await _lake.RunAsync("CREATE TABLE \"iceberg@dev\".sales.returns AS SELECT 3 AS id");
        await Branches.DeleteAsync("dev");
        Assert.True(await CountFilesAsync() > before);
        await ExpireAsync();
        Assert.Equal(before, await CountFilesAsync());
        Assert.Equal("1", await IdsAsync("sales.orders"));
    }

    [Fact]
    public async Task MergedBranch_Deleted_LeavesWhatWasMerged()
    {
        await Branches.CreateAsync("dev");
        await _lake.RunAsync("INSERT INTO \"iceberg@dev\".sales.orders VALUES (2)");
        Assert.Equal(["sales.orders"], (await Branches.MergeAsync("dev", "main")).Select(c => c.FullName));
        await _lake.RunAsync("INSERT INTO sales.orders VALUES (3)");
        await Branches.DeleteAsync("dev");
        await ExpireAsync();
        Assert.Equal("1, 2, 3", await IdsAsync("sales.orders"));
    }

    [Theory]
    [InlineData("DROP TABLE \"iceberg@dev\".sales.orders PURGE", true)]
    [InlineData("ALTER TABLE \"iceberg@dev\".sales.orders RENAME TO sales.moved; DROP TABLE \"iceberg@dev\".sales.moved PURGE", true)]
    [InlineData("DROP TABLE \"iceberg@dev\".sales.orders", false)]
    [InlineData("DROP TABLE \"iceberg@dev\".sales.orders; CREATE TABLE \"iceberg@dev\".sales.orders AS SELECT 7 AS id; DROP TABLE \"iceberg@dev\".sales.orders PURGE", false)]
    public async Task MergedDrop_OfABranchThatPurged_DeletesTheFiles(string script, bool isPurged)
    {
        int all = await CountFilesAsync();
        await Branches.CreateAsync("dev");
        foreach (string statement in script.Split("; "))
            await _lake.RunAsync(statement);
        await ExpireAsync();
        Assert.Equal(all, await CountFilesAsync());
        Assert.Equal(["sales.orders"], (await Branches.MergeAsync("dev", "main")).Select(c => c.FullName));
        await ExpireAsync();
        Assert.Equal(isPurged ? 0 : all, await CountFilesAsync());
        Assert.Empty((await _log.ReadAsync()).Dropped);
    }

    [Fact]
    public async Task MergedPurge_OfATableWithAnotherName_KeepsItsFiles()
    {
        int all = await CountFilesAsync();
        object metadata = (await _lake.RunAsync("SELECT file FROM sales.\"orders$metadata_log_entries\" ORDER BY timestamp DESC LIMIT 1"))[0][0]!;
        await Branches.CreateAsync("dev");
        await _lake.RunAsync($"CALL iceberg.system.register_table('sales', 'twin', '{metadata}')");
        await _lake.RunAsync("DROP TABLE \"iceberg@dev\".sales.orders PURGE");
        await Branches.MergeAsync("dev", "main");
        await ExpireAsync();
        Assert.Equal(all, await CountFilesAsync());
        Assert.Equal("1", await IdsAsync("sales.twin"));
    }

    private CatalogBranches Branches => Catalogs.Branches(CatalogAddress.DefaultWarehouse);

    // The lake drops by the system's clock; this one is a year later.
    private async Task ExpireAsync()
    {
        _time.Advance(TimeSpan.FromDays(365));
        await Catalogs.Default.ExpireDroppedAsync();
    }

    private async Task<string> IdsAsync(string table) => string.Join(", ", (await _lake.RunAsync($"SELECT id FROM {table} ORDER BY 1")).Select(r => r[0]));

    private async Task<int> CountFilesAsync()
    {
        int count = 0;
        await foreach (var _ in _lake.Store.ListAsync("s3://lake/"))
            count++;
        return count;
    }
}
