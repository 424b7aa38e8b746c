using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

public sealed class ViewStatementsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync("CREATE TABLE s.t AS SELECT 1 AS i");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    /// <summary>Other engines call the catalog otherwise, and the same view is read on branches ("View Version", default-catalog).</summary>
    [Theory]
    [InlineData("CREATE VIEW s.v AS SELECT i FROM s.t")]
    [InlineData("CREATE VIEW iceberg.s.v AS SELECT i FROM s.t")]
    [InlineData("CREATE VIEW lake.s.v AS SELECT i FROM s.t")]
    public async Task CreateView_OverTablesOfItsOwnCatalog_NamesNone(string sql)
    {
        await _lake.RunAsync(sql);

        Assert.Null(await DefaultCatalogAsync());
        await _lake.Catalogs.Branches("lake").CreateAsync("dev");
        await _lake.RunAsync("INSERT INTO \"lake@dev\".s.t VALUES (2)");
        Assert.Equal([[1], [2]], (await _lake.RunAsync("SELECT i FROM \"lake@dev\".s.v")).OrderBy(r => (int)r[0]!));
        Assert.Equal([[1]], await _lake.RunAsync("SELECT i FROM s.v"));
    }

    [Fact]
    public async Task CreateView_FromAnotherCatalog_NamesIt()
    {
        await _lake.Catalogs.Warehouses.CreateAsync("w2", "s3://lake/w2", ImmutableSortedDictionary<string, string>.Empty);
        await _lake.RunAsync("CREATE SCHEMA w2.s");
        await _lake.RunAsync("CREATE TABLE w2.s.t AS SELECT 7 AS i");
        await _lake.RunAsync("USE w2.s");
        await _lake.RunAsync("CREATE VIEW iceberg.s.v AS SELECT i FROM t");
        await _lake.RunAsync("USE iceberg.s");

        Assert.Equal("w2", await DefaultCatalogAsync());
        Assert.Equal([[7]], await _lake.RunAsync("SELECT i FROM v"));
    }

    private async Task<string?> DefaultCatalogAsync() =>
        (await _lake.Catalog.LoadViewAsync(TableIdentifier.Of("s", "v")))!.Metadata.CurrentVersion.DefaultCatalog;
}
