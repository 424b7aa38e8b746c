using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Memory;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Branches;

/// <summary>Metadata files that another engine took for orphans: a merge leads no table to one that is gone.</summary>
public sealed class MergedFilesTests : IAsyncLifetime
{
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders"), s_view = TableIdentifier.Of("sales", "recent");
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _log;
    private readonly MemoryObjectStore _store = new();
    private readonly EmbeddedCatalog _catalog;

    public MergedFilesTests()
    {
        _log = new EmbeddedCommitLog(_folder["log"]);
        _catalog = new EmbeddedCatalog(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" });
    }

    private CatalogBranches Branches => new(_log, _store, "lake", "ada", TimeSpan.FromDays(1));

    private EmbeddedCatalog Dev => _catalog.OnBranch("dev");

    public async Task InitializeAsync()
    {
        await _catalog.CreateNamespaceAsync(s_orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        await NewTable.CreateAsync(_catalog, s_orders);
        await Branches.CreateAsync("dev");
    }

    public Task DisposeAsync()
    {
        _log.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Merge_OfATableWhoseFileIsGone_NamesItAndLeavesTheTarget()
    {
        string before = (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation, gone = await ChangeAsync(Dev, "a");
        await _store.DeleteAsync(gone);
        var refusal = await Assert.ThrowsAsync<TarnException>(() => Branches.MergeAsync("dev", "main").AsTask());
        Assert.Equal(ErrorKind.NotFound, refusal.Kind);
        foreach (string part in new[] { "'dev'", "table 'sales.orders'", gone, "CALL \"iceberg@dev\".system.unregister_table('sales', 'orders')" })
            Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation);
    }

    /// <summary>The way out that the refusal names, with the state that the target has.</summary>
    [Fact]
    public async Task Merge_AfterAnotherStateWasRegistered_IsDone()
    {
        string present = (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation;
        await _store.DeleteAsync(await ChangeAsync(Dev, "a"));
        await Dev.UnregisterTableAsync(s_orders);
        await Dev.RegisterTableAsync(s_orders, present);
        await NewView.CreateAsync(Dev, s_view);
        Assert.Single(await Branches.MergeAsync("dev", "main"));
        Assert.Equal(present, (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation);
    }

    [Fact]
    public async Task Merge_OfAViewWhoseFileIsGone_IsRefused()
    {
        string gone = (await NewView.CreateAsync(Dev, s_view)).MetadataLocation;
        await _store.DeleteAsync(gone);
        var refusal = await Assert.ThrowsAsync<TarnException>(() => Branches.MergeAsync("dev", "main").AsTask());
        Assert.Contains($"view 'sales.recent' ('{gone}'; DROP VIEW on 'dev')", refusal.Message, StringComparison.Ordinal);
        await Dev.DropViewAsync(s_view);
        Assert.Empty(await Branches.MergeAsync("dev", "main"));
    }

    /// <summary>What the target has already is not made worse: a rename of a table that cannot be read is merged.</summary>
    [Fact]
    public async Task Merge_OfARenamedTableWhoseFileIsGone_IsDone()
    {
        await _store.DeleteAsync((await _catalog.LoadTableAsync(s_orders))!.MetadataLocation);
        await Dev.RenameTableAsync(s_orders, s_view);
        await Branches.MergeAsync("dev", "main");
        Assert.NotNull((await _log.ReadAsync()).Main.FindTable(s_view));
    }

    /// <summary>A file is let go when its table goes on: then the merge looks again at what the branch has by now.</summary>
    [Fact]
    public async Task Merge_OfATableThatGoesOnMeanwhile_TakesItsNewState()
    {
        string old = await ChangeAsync(Dev, "a"), now = "";
        int asked = 0;
        var moving = new FaultInjectingObjectStore(_store, (operation, location) =>
        {
            if (operation == StoreOperation.Head && location == old && asked++ == 0)
                now = GoOnAsync(old).GetAwaiter().GetResult();
            return null;
        });
        await new CatalogBranches(_log, moving, "lake", "ada", TimeSpan.FromDays(1)).MergeAsync("dev", "main");
        Assert.Equal(1, asked);
        Assert.Equal(now, (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation);
    }

    private async Task<string> GoOnAsync(string old)
    {
        string now = await ChangeAsync(Dev, "b");
        await _store.DeleteAsync(old);
        return now;
    }

    private static async Task<string> ChangeAsync(EmbeddedCatalog catalog, string value) =>
        (await catalog.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(ImmutableSortedDictionary<string, string>.Empty.Add("note", value))])]))[0].MetadataLocation;
}
