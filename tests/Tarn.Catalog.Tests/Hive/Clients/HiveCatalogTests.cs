using System.Text;
using Tarn.Catalog.Hive.Clients;
using Tarn.Catalog.Tests.Hive.Hosting;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Testing.Contracts;
using Tarn.Testing.Net;

namespace Tarn.Catalog.Tests.Hive.Clients;

/// <summary>Tarn's client of external metastores at Tarn's own door, by the metastore's locks.</summary>
public sealed class LockingHiveCatalogTests() : HiveCatalogTests(takesLocks: true);

/// <summary>The same without locks: the metastore's comparison alone keeps writers apart.</summary>
public sealed class LockFreeHiveCatalogTests() : HiveCatalogTests(takesLocks: false);

/// <summary>What a catalog does, as far as the protocol has means for it.</summary>
public abstract class HiveCatalogTests(bool takesLocks) : IcebergCatalogContract, IAsyncLifetime
{
    private readonly List<IDisposable> _opened = [];
    private HiveTestServer _server = null!;

    protected override IObjectStore Store => _server.Store;

    public async Task InitializeAsync() => _server = await HiveTestServer.StartAsync();

    public async Task DisposeAsync()
    {
        _opened.ForEach(c => c.Dispose());
        await _server.DisposeAsync();
    }

    /// <summary>A database always has a location.</summary>
    public override async Task Namespaces_CreateLoadUpdateDrop_Work()
    {
        var catalog = Open();
        Assert.Null(await catalog.LoadNamespaceAsync(Sales));
        await catalog.CreateNamespaceAsync(Sales, NoProperties.Add("comment", "ada's").Add("x", "1"));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.CreateNamespaceAsync(Sales, NoProperties).AsTask());
        await catalog.UpdateNamespaceAsync(Sales, new Dictionary<string, string> { ["comment"] = "bob's", ["y"] = "2" }, ["x", "never"]);
        var loaded = (await Open().LoadNamespaceAsync(Sales))!;
        Assert.Equal(("bob's", "2", "s3://lake/sales"), (loaded["comment"], loaded["y"], loaded["location"]));
        Assert.False(loaded.ContainsKey("x"));
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.UpdateNamespaceAsync(Sales, new Dictionary<string, string> { ["a"] = "1" }, ["a"]).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.UpdateNamespaceAsync(Namespace.Of("none"), NoProperties, []).AsTask());
        await catalog.DropNamespaceAsync(Sales);
        Assert.Null(await catalog.LoadNamespaceAsync(Sales));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.DropNamespaceAsync(Sales).AsTask());
    }

    /// <summary>Databases have one level.</summary>
    public override async Task Namespaces_Nested_AreChildrenOfTheirParents()
    {
        var catalog = await WithSalesAsync();
        await AssertKindAsync(ErrorKind.Unsupported, () => catalog.CreateNamespaceAsync(Namespace.Of("sales", "eu"), NoProperties).AsTask());
        Assert.Empty((await catalog.ListNamespacesAsync(Sales)).Items);
        Assert.Null(await catalog.LoadNamespaceAsync(Namespace.Of("sales", "eu")));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListNamespacesAsync(Namespace.Of("none")).AsTask());
        Assert.Equal([Namespace.Of("default"), Sales], (await catalog.ListNamespacesAsync(Namespace.Root)).Items);
    }

    /// <summary>A metastore stores letters, digits and underscores, in lower case.</summary>
    public override async Task Names_OddButPossible_AreStoredAsGiven(string name)
    {
        var catalog = await WithSalesAsync();
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CreateNamespaceAsync(Namespace.Of(name), NoProperties).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => CreateAsync(catalog, new TableIdentifier(Sales, name)));
        await AssertKindAsync(ErrorKind.InvalidRequest, () => CreateAsync(catalog, new TableIdentifier(Sales, "Orders")));
        Assert.Null(await catalog.LoadTableAsync(new TableIdentifier(Sales, name)));
    }

    public override async Task Lists_InPages_GiveEverythingOnceInOrder()
    {
        var catalog = await WithSalesAsync();
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"t{i}")];
        foreach (string name in names)
        {
            await CreateAsync(catalog, new TableIdentifier(Sales, name));
            await catalog.CommitViewAsync(new TableIdentifier(Sales, "v" + name), null, View());
            await catalog.CreateNamespaceAsync(Namespace.Of(name), NoProperties);
        }

        Assert.Equal(names.Take(3), (await catalog.ListTablesAsync(Sales, new PageRequest(null, 3))).Items.Select(t => t.Name));
        Assert.Equal(names.Skip(5), (await catalog.ListTablesAsync(Sales, new PageRequest("t4", 3))).Items.Select(t => t.Name));
        Assert.Equal(names.Select(n => "v" + n), (await catalog.ListViewsAsync(Sales)).Items.Select(v => v.Name));
        Assert.Equal(["default", "sales", .. names], (await catalog.ListNamespacesAsync(Namespace.Root)).Items.Select(n => n.Levels[0]));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListTablesAsync(Namespace.Of("none")).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListViewsAsync(Namespace.Of("none")).AsTask());
    }

    /// <summary>The protocol has nothing for several tables at once.</summary>
    public override async Task Commit_SeveralTables_IsAllOrNothing()
    {
        var catalog = await WithSalesAsync();
        var (a, b) = (await CreateAsync(catalog, TableIdentifier.Of("sales", "a")), await CreateAsync(catalog, TableIdentifier.Of("sales", "b")));
        await AssertKindAsync(ErrorKind.Unsupported, () => catalog.CommitAsync([SetProperty(a, "k", "1"), SetProperty(b, "k", "1")]).AsTask());
        Assert.Equal(a.MetadataLocation, (await catalog.LoadTableAsync(a.Identifier))!.MetadataLocation);
    }

    [Fact]
    public async Task NewTableLocation_WithAWarehouse_IsInTheFolderOfTheDatabase()
    {
        var catalog = Open(_server.Address.Port, "s3://lake/w/");
        await catalog.CreateNamespaceAsync(Sales, NoProperties);
        Assert.StartsWith("s3://lake/w/sales.db/orders-", await catalog.NewTableLocationAsync(Orders), StringComparison.Ordinal);
        Assert.Equal("s3://lake/w/sales.db", (await Open().LoadNamespaceAsync(Sales))!["location"]);
    }

    [Fact]
    public async Task Owner_OfATable_IsThatOfTheMetastore()
    {
        var catalog = await WithSalesAsync();
        await CreateAsync(catalog, Orders, NoProperties);
        async Task<string?> OwnerAsync(ICatalog from) => (await from.DescribeAsync().SingleAsync(d => d.Name == Orders.Name)).Facts.Owner;
        Assert.Equal(Environment.UserName, await OwnerAsync(catalog));
        Assert.Equal(Environment.UserName, await OwnerAsync(_server.Catalog));
        await catalog.CommitAsync([new TableCommit(Orders, [], [new Tarn.Iceberg.Transactions.TableUpdate.SetProperties(new Dictionary<string, string> { ["owner"] = "eve" })])]);
        Assert.Equal("eve", await OwnerAsync(catalog));
        Assert.Equal("eve", await OwnerAsync(_server.Catalog));
    }

    [Fact]
    public async Task Commit_KeepsWhatOthersStoredBesideTheTable()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders, NoProperties.Add("gone", "soon"));
        var annotations = NoProperties.Add("owner", "ada").Add("parameters.note", "kept");
        await _server.Catalog.RegisterTableAsync(Orders, created.MetadataLocation, (await _server.Catalog.LoadTableAsync(Orders))!, _ => annotations);
        await catalog.CommitAsync([new TableCommit(Orders, [], [new Tarn.Iceberg.Transactions.TableUpdate.RemoveProperties(["gone"])])]);
        var after = (await _server.Catalog.LoadTableAsync(Orders))!;
        Assert.Equal(("ada", "kept"), (after.Annotations["owner"], after.Annotations["parameters.note"]));
        Assert.False(after.Metadata.Properties.ContainsKey("gone"));
        Assert.DoesNotContain("parameters.gone", after.Annotations.Keys);
    }

    [Fact]
    public async Task Listings_DatabasesOfUnusualSpelling_AreThereAndSpoilNothing()
    {
        var catalog = await WithSalesAsync();
        Namespace[] odd = [Namespace.Of("MixedCase"), Namespace.Of("odd N")];
        foreach (var name in odd)
            await _server.Catalog.CreateNamespaceAsync(name, NoProperties);
        var listed = (await catalog.ListNamespacesAsync(Namespace.Root)).Items;
        Assert.Superset(odd.Append(Sales).ToHashSet(), listed.ToHashSet());
        foreach (var name in listed)
        {
            Assert.Empty((await catalog.ListNamespacesAsync(name)).Items);
            Assert.Empty((await catalog.ListTablesAsync(name)).Items);
        }

        Assert.NotNull(await catalog.LoadNamespaceAsync(odd[0]));
        Assert.Null(await catalog.LoadNamespaceAsync(Namespace.Of("SALES")));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListNamespacesAsync(Namespace.Of("gone")).AsTask());
    }

    [Fact]
    public async Task ForeignTables_AreSeenWithTheirPartitionsAndForgotten()
    {
        var catalog = await WithSalesAsync();
        var raw = TableIdentifier.Of("sales", "raw");
        var partition = NoProperties.Add("values", """["2026-01-01"]""").Add("sd.location", "s3://lake/raw/1");
        var stored = new ForeignTable(
            NoProperties.Add("tableType", "EXTERNAL_TABLE").Add("sd.location", "s3://lake/raw").Add("sd.cols", """[{"name":"id","type":"int"}]""").Add("partitionKeys", """[{"name":"day","type":"date"}]"""),
            System.Collections.Immutable.ImmutableSortedDictionary.Create<string, System.Collections.Immutable.ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal).Add("day=2026-01-01", partition));
        await _server.Catalog.CommitForeignTableAsync(raw, null, stored);
        Assert.Equal([raw], (await catalog.ListForeignTablesAsync(Sales)).Items);
        Assert.Empty((await catalog.ListTablesAsync(Sales)).Items);
        var loaded = (await catalog.LoadForeignTableAsync(raw))!.Table;
        Assert.Equal("s3://lake/raw", loaded.Properties["sd.location"]);
        Assert.Equal("s3://lake/raw/1", loaded.Partitions["day=2026-01-01"]["sd.location"]);
        Assert.Null(await catalog.LoadTableAsync(raw));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => CreateAsync(catalog, raw));
        await AssertKindAsync(ErrorKind.Unsupported, () => catalog.CommitForeignTableAsync(raw, null, stored).AsTask());
        Assert.True(await catalog.DropForeignTableAsync(raw));
        Assert.False(await catalog.DropForeignTableAsync(raw));
    }

    [Fact]
    public async Task Commit_AnswerLost_IsFoundOut()
    {
        await WithSalesAsync();
        await using var proxy = CutAt("alter_table_with_environment_context", CuttingProxy.Cut.BeforeAnswer);
        var catalog = Open(proxy.Port);
        var created = await CreateAsync(catalog, Orders);
        var committed = (await catalog.CommitAsync([SetProperty(created, "k", "1")]))[0];
        Assert.InRange(proxy.CutsLeft, int.MinValue, 0);
        Assert.Equal(committed.MetadataLocation, (await _server.Catalog.LoadTableAsync(Orders))!.MetadataLocation);
    }

    [Fact]
    public async Task Commit_RequestLost_IsUnknownAndKeepsTheFile()
    {
        await WithSalesAsync();
        await using var proxy = CutAt("alter_table_with_environment_context", CuttingProxy.Cut.BeforeStatement);
        var catalog = Open(proxy.Port);
        var created = await CreateAsync(catalog, Orders);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => catalog.CommitAsync([SetProperty(created, "k", "1")]).AsTask());
        Assert.Equal(created.MetadataLocation, (await _server.Catalog.LoadTableAsync(Orders))!.MetadataLocation);
        int files = 0;
        await foreach (var _ in Store.ListAsync(created.Metadata.Location + "/metadata/"))
            files++;
        Assert.Equal(2, files);
    }

    [Fact]
    public async Task Create_AnswerLost_IsFoundOut()
    {
        await WithSalesAsync();
        await using var proxy = CutAt("create_table_with_environment_context", CuttingProxy.Cut.BeforeAnswer);
        var created = await CreateAsync(Open(proxy.Port), Orders);
        Assert.InRange(proxy.CutsLeft, int.MinValue, 0);
        Assert.Equal(created.MetadataLocation, (await _server.Catalog.LoadTableAsync(Orders))!.MetadataLocation);
    }

    [Fact]
    public async Task Load_MetastoreThatIsNot_IsUnavailable()
    {
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => Open(port: 1).ListNamespacesAsync(Namespace.Root).AsTask());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("The metastore at 127.0.0.1:1 cannot be reached: ", error.Message, StringComparison.Ordinal);
    }

    // Once, at a call of the metastore.
    private CuttingProxy CutAt(string call, CuttingProxy.Cut at) => new(_server.Address.Port) { Statement = Encoding.UTF8.GetBytes(call), At = at, CutsLeft = 1 };

    protected override ICatalog Open() => Open(_server.Address.Port);

    private HiveCatalog Open(int port, string? warehouse = null)
    {
        var catalog = new HiveCatalog(new HiveCatalogOptions { Address = new HiveMetastoreAddress { Host = "127.0.0.1", Port = port }, WarehouseLocation = warehouse, TakesLocks = takesLocks }, Store);
        lock (_opened)
            _opened.Add(catalog);
        return catalog;
    }
}
