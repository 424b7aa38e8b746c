using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Branches;

/// <summary>Namespaces that a branch made or dropped, with what is in them.</summary>
public sealed class MergedNamespaceTests : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly TableIdentifier s_table = TableIdentifier.Of("lab", "deep", "t"), s_view = TableIdentifier.Of("lab", "v"), s_foreign = TableIdentifier.Of("lab", "deep", "f");
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _log;
    private readonly MemoryObjectStore _store = new();
    private readonly EmbeddedCatalog _catalog;

    public MergedNamespaceTests()
    {
        _log = new EmbeddedCommitLog(_folder["log"]);
        _catalog = new EmbeddedCatalog(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" });
    }

    private CatalogBranches Branches => new(_log, _store, "lake", "ada", TimeSpan.FromDays(1));

    private EmbeddedCatalog Dev => _catalog.OnBranch("dev");

    public async Task InitializeAsync() => await Branches.CreateAsync("dev");

    public Task DisposeAsync()
    {
        _log.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Merge_NewNamespacesWithTablesAndViews_AreThereWithAll()
    {
        var (table, view) = await FillAsync(Dev);
        Assert.Equal(5, (await Branches.MergeAsync("dev", "main")).Count);
        Assert.Equal(table, (await _catalog.LoadTableAsync(s_table))!.MetadataLocation);
        Assert.Equal(view, (await _catalog.LoadViewAsync(s_view))!.MetadataLocation);
        Assert.NotNull(await _catalog.LoadForeignTableAsync(s_foreign));
        Assert.Empty(await Branches.MergeAsync("dev", "main"));
    }

    [Fact]
    public async Task Merge_NamespaceThatWasDroppedAndFilledAgain_TakesWhatIsInItNow()
    {
        await FillAsync(Dev);
        await Branches.MergeAsync("dev", "main");
        await DropAsync(Dev);
        await Branches.MergeAsync("dev", "main");
        Assert.Empty((await _log.ReadAsync()).Main.Namespaces);

        var (table, _) = await FillAsync(Dev);
        await Branches.MergeAsync("dev", "main");
        Assert.Equal(table, (await _catalog.LoadTableAsync(s_table))!.MetadataLocation);
    }

    [Fact]
    public async Task Merge_BothHaveMadeTheNamespaceAndOneFilledIt_TakesWhatIsInIt()
    {
        var (table, view) = await FillAsync(Dev);
        await _catalog.CreateNamespaceAsync(s_view.Namespace, s_none);
        await Branches.MergeAsync("dev", "main");
        Assert.Equal((table, view), ((await _catalog.LoadTableAsync(s_table))!.MetadataLocation, (await _catalog.LoadViewAsync(s_view))!.MetadataLocation));
    }

    private static async Task<(string Table, string View)> FillAsync(EmbeddedCatalog catalog)
    {
        await catalog.CreateNamespaceAsync(s_view.Namespace, s_none);
        await catalog.CreateNamespaceAsync(s_table.Namespace, s_none);
        await catalog.CommitForeignTableAsync(s_foreign, null, new ForeignTable(s_none, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty));
        return ((await NewTable.CreateAsync(catalog, s_table)).MetadataLocation, (await NewView.CreateAsync(catalog, s_view)).MetadataLocation);
    }

    private static async Task DropAsync(EmbeddedCatalog catalog)
    {
        await catalog.DropTableAsync(s_table, purge: false);
        await catalog.DropForeignTableAsync(s_foreign);
        await catalog.DropViewAsync(s_view);
        await catalog.DropNamespaceAsync(s_table.Namespace);
        await catalog.DropNamespaceAsync(s_view.Namespace);
    }
}
