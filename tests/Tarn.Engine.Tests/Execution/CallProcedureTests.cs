using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

public sealed class CallProcedureTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await _lake.RunAsync("CREATE SCHEMA sales");
        await _lake.RunAsync("CREATE VIEW sales.recent AS SELECT 1 AS id");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RegisterView_OfTheOtherBranch_SolvesTheConflictOfTheMerge()
    {
        using var log = new EmbeddedCommitLog(_lake.Folder.MetastoreFolder);
        var branches = new EmbeddedCatalogs(log, _lake.Store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" }).Branches(CatalogAddress.DefaultWarehouse);
        await branches.CreateAsync("dev");
        await _lake.RunAsync("CREATE OR REPLACE VIEW sales.recent AS SELECT 2 AS id");
        await _lake.RunAsync("CREATE OR REPLACE VIEW \"iceberg@dev\".sales.recent AS SELECT 3 AS id");
        var refused = await Assert.ThrowsAsync<CommitConflictException>(() => branches.MergeAsync("dev", "main").AsTask());
        Assert.Contains("DROP VIEW and CALL iceberg.system.register_view(", refused.Message, StringComparison.Ordinal);
        Assert.Contains("iceberg.system.catalog_history", refused.Message, StringComparison.Ordinal);

        object metadata = (await _lake.RunAsync("SELECT metadata FROM iceberg.system.catalog_history WHERE branch = 'dev' AND name = 'sales.recent' ORDER BY \"commit\" DESC LIMIT 1"))[0][0]!;
        await _lake.RunAsync("DROP VIEW sales.recent");
        await _lake.RunAsync($"CALL iceberg.system.register_view('sales', 'recent', '{metadata}')");
        await branches.MergeAsync("dev", "main");
        Assert.Equal(3, (await _lake.RunAsync("SELECT id FROM sales.recent"))[0][0]);
    }

    [Fact]
    public async Task RegisterView_NameTakenOrNoView_IsRefusedByName()
    {
        object metadata = (await _lake.RunAsync("SELECT metadata FROM iceberg.system.catalog_history WHERE name = 'sales.recent'"))[0][0]!;
        var taken = await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync($"CALL iceberg.system.register_view(schema_name => 'sales', view_name => 'recent', metadata_file => '{metadata}')"));
        Assert.Equal(ErrorKind.AlreadyExists, taken.Kind);

        await _lake.RunAsync("CREATE TABLE sales.orders AS SELECT 1 AS id");
        object table = (await _lake.RunAsync("SELECT file FROM sales.\"orders$metadata_log_entries\" ORDER BY timestamp DESC LIMIT 1"))[0][0]!;
        var other = await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync($"CALL iceberg.system.register_view('sales', 'other', '{table}')"));
        Assert.Contains((string)table, other.Message, StringComparison.Ordinal);
    }
}
