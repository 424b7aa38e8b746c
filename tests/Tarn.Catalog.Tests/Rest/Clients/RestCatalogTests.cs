using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Metastore;
using Tarn.Metastore.Remote.Rest;
using Tarn.Testing.Contracts;

namespace Tarn.Catalog.Tests.Rest.Clients;

/// <summary>Tarn's client of external catalogs at Tarn's own door: what a catalog does, it does through the protocol too.</summary>
public sealed class RestCatalogTests : IcebergCatalogContract, IAsyncLifetime
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly List<RestCatalog> _opened = [];
    private CatalogTestServer _server = null!;

    protected override IObjectStore Store => _server.Store;

    public async Task InitializeAsync() => _server = await CatalogTestServer.StartAsync();

    public async Task DisposeAsync()
    {
        _opened.ForEach(c => c.Dispose());
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Load_Twice_GivesTheKeptTable()
    {
        var catalog = await WithSalesAsync();
        await CreateAsync(catalog, Orders);
        var first = (await catalog.LoadTableAsync(Orders))!;
        Assert.False(first.Content.IsEmpty);
        Assert.Same(first, await catalog.LoadTableAsync(Orders));
        await _server.Catalog.CommitAsync([SetProperty(first, "k", "1")]);
        Assert.Equal("1", (await catalog.LoadTableAsync(Orders))!.Metadata.Properties["k"]);
    }

    [Fact]
    public async Task Load_WrongSecret_IsUnauthenticatedAndTheSecretIsNotTold()
    {
        var catalog = Open($"{CatalogTestServer.AccessKey}:a-wrong-secret");
        var error = await Assert.ThrowsAsync<TarnException>(() => catalog.ListNamespacesAsync(Namespace.Root).AsTask());
        Assert.Equal(ErrorKind.Unauthenticated, error.Kind);
        Assert.DoesNotContain("a-wrong-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WarehouseThatIsNot_IsNotFound()
    {
        using var catalog = new RestCatalog(_http, new RestCatalogOptions { Uri = _server.Address, Warehouse = "none", Credential = $"{CatalogTestServer.AccessKey}:{CatalogTestServer.Secret}" });
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.ListNamespacesAsync(Namespace.Root).AsTask());
    }

    [Fact]
    public async Task RegisterView_MetadataFile_IsUsedAsItIs()
    {
        var catalog = await WithSalesAsync();
        var created = await catalog.CommitViewAsync(Report, null, View());
        var other = TableIdentifier.Of("sales", "again");
        Assert.Equal(created.MetadataLocation, (await catalog.RegisterViewAsync(other, created.MetadataLocation)).MetadataLocation);
        Assert.Equal(created.Metadata.ViewUuid, (await Open().LoadViewAsync(other))!.Metadata.ViewUuid);
        await AssertKindAsync(ErrorKind.Unsupported, () => catalog.RegisterViewAsync(other, created.MetadataLocation, created).AsTask());
    }

    /// <summary>The door tells where tables of a namespace go, as a property.</summary>
    public override async Task Namespaces_CreateLoadUpdateDrop_Work()
    {
        var catalog = Open();
        await catalog.CreateNamespaceAsync(Sales, NoProperties.Add("owner", "ada").Add("x", "1"));
        await catalog.UpdateNamespaceAsync(Sales, new Dictionary<string, string> { ["owner"] = "bob", ["y"] = "2" }, ["x", "never"]);
        Assert.Equal(NoProperties.Add("location", "s3://lake/sales").Add("owner", "bob").Add("y", "2"), await Open().LoadNamespaceAsync(Sales));
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.UpdateNamespaceAsync(Sales, new Dictionary<string, string> { ["a"] = "1" }, ["a"]).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.UpdateNamespaceAsync(Namespace.Of("none"), NoProperties, []).AsTask());
        await catalog.DropNamespaceAsync(Sales);
        Assert.Null(await catalog.LoadNamespaceAsync(Sales));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.DropNamespaceAsync(Sales).AsTask());
    }

    /// <summary>What was dropped can be brought back, so its files stay at first.</summary>
    public override async Task Drop_WithPurge_DeletesTheTablesFilesAndNoOthers()
    {
        var table = await CreateAsync(await WithSalesAsync(), Orders);
        Assert.True(await Open().DropTableAsync(Orders, purge: true));
        Assert.Null(await Open().LoadTableAsync(Orders));
        Assert.NotNull(await Store.HeadAsync(table.MetadataLocation));
    }

    /// <summary>The server has the file in memory and never reads it again; that it is gone nobody notices.</summary>
    public override async Task Load_MetadataFileGone_SaysWhichAndTheTableCanBeDropped()
    {
        var created = await CreateAsync(await WithSalesAsync(), Orders);
        await Store.DeleteAsync(created.MetadataLocation);
        Assert.NotNull(await Open().LoadTableAsync(Orders));
        Assert.True(await Open().DropTableAsync(Orders, purge: false));
    }

    /// <summary>The protocol overwrites without comparing, so the client does not do it at all.</summary>
    public override async Task Register_InPlaceOfAState_ReplacesExactlyThat()
    {
        var catalog = await WithSalesAsync();
        var first = await CreateAsync(catalog, Orders);
        await AssertKindAsync(ErrorKind.Unsupported, () => catalog.RegisterTableAsync(Orders, first.MetadataLocation, replaced: first).AsTask());
    }

    /// <summary>The door calls a file that cannot be registered a wrong request, missing or damaged.</summary>
    protected override ErrorKind KindOfUnfitFile(ErrorKind kind) => ErrorKind.InvalidRequest;

    /// <summary>Commits that wait for each other in the server become one.</summary>
    protected override void AssertVersions(int writers, int commitsOfEach, int versions) => Assert.InRange(versions, commitsOfEach, writers * commitsOfEach);

    protected override ICatalog Open() => Open($"{CatalogTestServer.AccessKey}:{CatalogTestServer.Secret}");

    private RestCatalog Open(string credential)
    {
        var catalog = new RestCatalog(_http, new RestCatalogOptions { Uri = _server.Address, Warehouse = CatalogAddress.DefaultWarehouse, Credential = credential });
        lock (_opened)
            _opened.Add(catalog);
        return catalog;
    }
}
