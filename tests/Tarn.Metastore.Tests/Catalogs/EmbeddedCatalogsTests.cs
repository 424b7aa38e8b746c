using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Local;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>Warehouses and branches by name, what their tables get, and what stays of them.</summary>
public sealed class EmbeddedCatalogsTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders");
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;
    private readonly EmbeddedCommitLog _log;

    public EmbeddedCatalogsTests()
    {
        _store = new LocalObjectStore(_folder.Path);
        _log = new EmbeddedCommitLog(_folder[".metastore"]);
    }

    public void Dispose()
    {
        _log.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("iceberg", "lake", "iceberg")]
    [InlineData("lake", "lake", "iceberg")]
    [InlineData("lake@main", "lake", "iceberg@main")]
    [InlineData("iceberg@dev", "lake@dev", "iceberg@dev")]
    [InlineData("other", "other", "other")]
    [InlineData("other@dev", null, null)]
    [InlineData("none", null, null)]
    [InlineData("a/b", null, null)]
    public async Task Find_Name_GivesItsWarehouseAndBranch(string name, string? at, string? shown)
    {
        var catalogs = Open();
        await catalogs.Branches("lake").CreateAsync("dev");
        await catalogs.Warehouses.CreateAsync("other", "s3://lake/other", s_none);
        var found = await catalogs.FindAsync(name);
        Assert.Equal((at, shown), (found?.At.ToString(), found?.Name));
        Assert.Same(found, await catalogs.FindAsync(name));
        Assert.Equal(["iceberg", "other"], await catalogs.ListAsync());
    }

    [Fact]
    public async Task Find_OnABranch_MeansThatBranchWithoutSayingSo()
    {
        await Open().Branches("lake").CreateAsync("dev");
        var catalogs = Open(new CatalogAddress("lake", "dev"));
        Assert.Equal("lake@dev", (await catalogs.FindAsync("iceberg"))!.At.ToString());
        Assert.Equal("lake", (await catalogs.FindAsync("iceberg@main"))!.At.ToString());
    }

    [Fact]
    public async Task Create_WithDefaultsAndOverrides_GivesThemToNewTables()
    {
        var catalogs = Open();
        await catalogs.Warehouses.CreateAsync("other", "s3://lake/other", s_none.Add("table-default.a", "w").Add("table-default.b", "w").Add("table-override.c", "w"));
        var catalog = (await catalogs.FindAsync("other"))!;
        await catalog.CreateNamespaceAsync(s_orders.Namespace, s_none.Add("table-default.b", "n"));
        var table = await CreateAsync(catalog, new() { ["a"] = "own", ["c"] = "own" });
        Assert.Equal(("own", "n", "w"), (table.Metadata.Properties["a"], table.Metadata.Properties["b"], table.Metadata.Properties["c"]));
        Assert.StartsWith("s3://lake/other/sales/orders-", table.Metadata.Location, StringComparison.Ordinal);
        await catalogs.Warehouses.UpdateAsync("other", new Dictionary<string, string> { ["table-default.a"] = "x" }, ["table-override.c"]);
        Assert.Equal("w", (await catalog.LoadTableAsync(s_orders))!.Metadata.Properties["c"]);
    }

    /// <summary>Version 2 is what the creator asks for: an override raises it and never lowers it, and it is no property of the table.</summary>
    [Theory]
    [InlineData("1", 2)]
    [InlineData("3", 3)]
    public async Task Create_WithAFormatVersionFromAbove_HasItWhenItIsHigher(string version, int expected)
    {
        var catalogs = Open();
        await catalogs.Warehouses.CreateAsync("other", "s3://lake/other", s_none.Add("table-override.format-version", version).Add("table-default.a", "w"));
        var catalog = (await catalogs.FindAsync("other"))!;
        await catalog.CreateNamespaceAsync(s_orders.Namespace, s_none);
        var table = await CreateAsync(catalog);
        Assert.Equal(expected, table.Metadata.FormatVersion);
        Assert.False(table.Metadata.Properties.ContainsKey(TableMetadata.FormatVersionProperty));
        var properties = await catalog.NewTablePropertiesAsync(s_orders, new Dictionary<string, string> { ["b"] = "own", [TableMetadata.FormatVersionProperty] = "2" });
        Assert.Equal(expected, TableMetadata.FormatVersionOf(properties));
        Assert.Equal(expected, TableMetadata.FormatVersionOf(await catalog.NewTablePropertiesAsync(s_orders, new Dictionary<string, string>())));
        Assert.Equal(3, TableMetadata.FormatVersionOf(await catalog.NewTablePropertiesAsync(s_orders, new Dictionary<string, string> { [TableMetadata.FormatVersionProperty] = "3" })));
        // Nothing in the commit says a version: then it is the default one.
        var bare = TableMetadataBuilder.CreationUpdates(table.Metadata with { TableUuid = Guid.NewGuid() }).Where(u => u is not (TableUpdate.UpgradeFormatVersion or TableUpdate.SetLocation));
        var plain = await catalog.CommitAsync([new TableCommit(TableIdentifier.Of("sales", "bare"), [new TableRequirement.AssertCreate()], [.. bare])]);
        Assert.Equal(expected, plain[0].Metadata.FormatVersion);
        Assert.Equal(("w", "own"), (properties["a"], properties["b"]));
    }

    [Theory]
    [InlineData("system", "s3://lake/system")]
    [InlineData("a@b", "s3://lake/a")]
    [InlineData("plain", "here")]
    [InlineData("inside", "s3://lake/other/inside")]
    public async Task Create_ImpossibleWarehouse_IsInvalid(string name, string location)
    {
        var catalogs = Open();
        await catalogs.Warehouses.CreateAsync("other", "s3://lake/other", s_none);
        Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => catalogs.Warehouses.CreateAsync(name, location, s_none).AsTask())).Kind);
    }

    [Fact]
    public async Task Protect_Table_RefusesDropAndPurgeOnItsBranchOnly()
    {
        var catalogs = Open();
        await catalogs.Default.CreateNamespaceAsync(s_orders.Namespace, s_none);
        await CreateAsync(catalogs.Default);
        await catalogs.Branches("lake").CreateAsync("dev");
        await catalogs.Default.ProtectAsync(["sales", "orders"], true);
        foreach (bool purge in (bool[])[false, true])
            Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => catalogs.Default.DropTableAsync(s_orders, purge).AsTask())).Kind);
        Assert.True(await catalogs.Default.OnBranch("dev").DropTableAsync(s_orders, purge: false));
        var refused = await Assert.ThrowsAsync<TarnException>(() => catalogs.Branches("lake").MergeAsync("dev", "main").AsTask());
        Assert.Equal(ErrorKind.InvalidRequest, refused.Kind);
        await catalogs.Default.ProtectAsync(["sales", "orders"], false);
        await catalogs.Branches("lake").MergeAsync("dev", "main");
        Assert.Null(await catalogs.Default.LoadTableAsync(s_orders));
        await catalogs.Default.UndropAsync(s_orders);
        Assert.NotNull(await catalogs.Default.LoadTableAsync(s_orders));
    }

    [Fact]
    public async Task Expire_FailsAtAnyDeletion_GoesOnWhereItStopped()
    {
        for (int fails = 1; ; fails++)
        {
            int left = fails;
            var broken = new FaultInjectingObjectStore(_store, (operation, _) => operation == StoreOperation.Delete && --left == 0 ? new StoreFault(ErrorKind.Unavailable) : null);
            var options = new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero };
            var catalog = new EmbeddedCatalog(_log, broken, options);
            if (await catalog.LoadNamespaceAsync(s_orders.Namespace) is null)
                await catalog.CreateNamespaceAsync(s_orders.Namespace, s_none);
            var table = await CreateAsync(catalog);
            for (int i = 0; i < 2; i++)
                table = (await catalog.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = $"{i}" })])]))[0];
            Assert.True(await catalog.DropTableAsync(s_orders, purge: true));
            bool stopped = left <= 0;
            Assert.Null(await catalog.LoadTableAsync(s_orders));
            Assert.Equal(stopped ? 1 : 0, (await _log.ReadAsync()).Dropped.Count);
            if (stopped)
                Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => catalog.RegisterTableAsync(TableIdentifier.Of("sales", "again"), table.MetadataLocation).AsTask())).Kind);
            await new EmbeddedCatalog(_log, _store, options).ExpireDroppedAsync();
            Assert.Empty((await _log.ReadAsync()).Dropped);
            await foreach (var file in _store.ListAsync(table.Metadata.Location + "/"))
                Assert.Fail($"'{file.Location}' is left after a failure at deletion {fails}.");
            if (!stopped)
                break;
        }
    }

    private EmbeddedCatalogs Open(CatalogAddress? at = null) =>
        new(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada", At = at ?? CatalogAddress.Default });

    private static async Task<TableHandle> CreateAsync(EmbeddedCatalog catalog, Dictionary<string, string>? properties = null)
    {
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
            await catalog.NewTableLocationAsync(s_orders), properties ?? [], 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        return (await catalog.CommitAsync([new TableCommit(s_orders, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]))[0];
    }
}
