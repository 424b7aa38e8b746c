using Tarn.Core.Errors;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>Tables about the catalog.</summary>
public sealed class SystemTablesTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await _lake.RunAsync("CREATE SCHEMA sales");
        await _lake.RunAsync("CREATE TABLE sales.orders AS SELECT 1 AS id");
        await _lake.Catalogs.Branches("lake").CreateAsync("dev");
        await _lake.RunAsync("DROP TABLE \"iceberg@dev\".sales.orders PURGE");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CatalogHistory_AfterChanges_TellsThemInOrder()
    {
        var rows = await _lake.RunAsync("SELECT commit, warehouse || '@' || branch, change, name FROM iceberg.system.catalog_history ORDER BY commit");
        Assert.Equal(
            ["1 lake@main put namespace sales", "2 lake@main put table sales.orders", "3 lake@dev create branch from main", "4 lake@dev purge table sales.orders"],
            rows.Select(r => string.Join(' ', r)));
        Assert.Equal("1", Assert.Single(await _lake.RunAsync("SELECT CAST(count(*) AS VARCHAR) FROM system.catalog_history WHERE metadata LIKE 's3://lake/sales/orders-%' AND time > TIMESTAMP '2020-01-01 00:00:00'"))[0]);
    }

    [Fact]
    public async Task DroppedTables_OfABranch_AreThoseOfThatBranch()
    {
        Assert.Empty(await _lake.RunAsync("SELECT * FROM system.dropped_tables"));
        var row = Assert.Single(await _lake.RunAsync("SELECT name, kind, is_purged, commit FROM \"iceberg@dev\".system.dropped_tables"));
        Assert.Equal(["sales.orders", "table", true, 4L], row);
    }

    [Fact]
    public async Task SystemSchema_Shown_ListsItsTables()
    {
        Assert.Equal(["branches", "catalog_history", "descriptions", "dropped_tables", "tags"], (await _lake.RunAsync("SHOW TABLES FROM system")).Select(r => r[0]));
        Assert.Equal(["dev main", "main "], (await _lake.RunAsync("SELECT branch, parent FROM system.branches ORDER BY branch")).Select(r => $"{r[0]} {r[1]}"));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("INSERT INTO system.branches SELECT 1"));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
    }
}
