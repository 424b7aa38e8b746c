using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Tests.Authorization;

/// <content>Where namespaces come to lie, named or not.</content>
public sealed partial class AuthorizedPlacesTests
{
    private static readonly Namespace s_nested = Namespace.Of("own", "raw");
    private static readonly TableIdentifier s_kept = TableIdentifier.Of("sales", "kept");

    /// <summary>No table could be made in it.</summary>
    [Theory]
    [InlineData("write.data.path")]
    [InlineData("write.object-storage.path")]
    [InlineData(null)]
    public async Task CreateNamespace_InAFolderOfALiveTable_IsRefusedWhereverItsMetadataLies(string? property)
    {
        if (property is not null)
            await CreateAsync(_catalogs.Default, s_kept, null, (property, "s3://lake/own/raw"));
        else
            await _catalogs.Default.RegisterTableAsync(s_kept, await WriteAsync(Metadata("s3://lake/own/raw"), "s3://lake/far"));
        foreach (var catalog in new[] { await AsAsync(await RootAsync()), _catalogs.Default })
        {
            var refusal = await Assert.ThrowsAsync<TarnException>(() => catalog.CreateNamespaceAsync(s_nested, s_none).AsTask());
            Assert.Equal((ErrorKind.InvalidRequest, true), (refusal.Kind, refusal.Message.Contains("in the folder of table 'sales.kept'", StringComparison.Ordinal)));
        }

        Assert.DoesNotContain("kept", (await DeniedAsync(await AsAsync(await AddUserAsync("ada", "lake/own*")), c => c.CreateNamespaceAsync(s_nested, s_none).AsTask())).Message, StringComparison.Ordinal);
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("far"), s_none);
    }

    /// <summary>A metadata file that was registered lies in the folder of many, which takes nobody's rights.</summary>
    [Fact]
    public async Task CreateNamespace_BelowTheMetadataFileOfAnother_IsOpen()
    {
        await _store.PutAsync("s3://lake/own/kept.metadata.json", TableMetadataJson.Write(Metadata("s3://lake/far/kept")));
        await _catalogs.Default.RegisterTableAsync(s_kept, "s3://lake/own/kept.metadata.json");
        await (await AsAsync(await AddUserAsync("ada", "lake/own*"))).CreateNamespaceAsync(s_nested, s_none);
    }

    [Fact]
    public async Task UpdateNamespace_WithOthersBelow_PutsNoneOfThemIntoATable()
    {
        await CreateAsync(_catalogs.Default, s_kept, "s3://lake/own/deep/raw");
        await CreateAsync(_catalogs.Default, s_kept with { Name = "natural" }, "s3://lake/moved/deep/raw");
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("moved"), s_none.Add("location", "s3://lake/x"));
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("moved", "deep"), s_none);
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("moved", "deep", "raw"), s_none);
        var root = await AsAsync(await RootAsync());
        foreach (var catalog in new[] { root, _catalogs.Default })
        {
            await RefusedAsync(() => catalog.UpdateNamespaceAsync(Namespace.Of("moved"), s_none.Add("location", "s3://lake/own"), []).AsTask(), "'sales.kept'");
            await RefusedAsync(() => catalog.UpdateNamespaceAsync(Namespace.Of("moved"), s_none, ["location"]).AsTask(), "'sales.natural'");
        }

        // What says where it lies itself stays there.
        await root.UpdateNamespaceAsync(Namespace.Of("moved", "deep"), s_none.Add("location", "s3://lake/stays"), []);
        await root.UpdateNamespaceAsync(Namespace.Of("moved"), s_none.Add("location", "s3://lake/own"), []);
        await root.UpdateNamespaceAsync(Namespace.Of("moved"), s_none, ["location"]);

        static async Task RefusedAsync(Func<Task> change, string table)
        {
            var refusal = await Assert.ThrowsAsync<TarnException>(change);
            Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
            Assert.Contains($"Namespace 'moved.deep.raw' would lie at", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(table, refusal.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A dropped table could not come back, and a plain one would have the files of all that come.</summary>
    [Theory]
    [InlineData("dropped")]
    [InlineData("plain")]
    [InlineData("partition")]
    public async Task Namespaces_ComingToLieInADroppedOrPlainTable_TakeTheRightsOnIt(string what)
    {
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("own", "away"), s_none.Add("location", "s3://lake/away"));
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("own", "away", "raw"), s_none);
        if (what == "dropped")
        {
            await CreateAsync(_catalogs.Default, s_kept, "s3://lake/own/raw");
            await CreateAsync(_catalogs.Default, s_kept with { Name = "below" }, "s3://lake/own/away/raw");
            await _catalogs.Default.DropTableAsync(s_kept, purge: false);
            await _catalogs.Default.DropTableAsync(s_kept with { Name = "below" }, purge: false);
        }
        else
        {
            var partitions = s_noPartitions.Add("day=1", s_none.Add("sd.location", "s3://lake/own/raw")).Add("day=2", s_none.Add("sd.location", "s3://lake/own/away"));
            await _catalogs.Default.CommitForeignTableAsync(s_kept, null, new ForeignTable(s_none.Add("sd.location", what == "plain" ? "s3://lake/own/raw" : "s3://lake/sales/kept"), what == "plain" ? s_noPartitions : partitions));
            await _catalogs.Default.CommitForeignTableAsync(s_kept with { Name = "below" }, null, new ForeignTable(s_none.Add("sd.location", "s3://lake/own/away/raw"), s_noPartitions));
        }

        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        await DeniedAsync(ada, c => c.CreateNamespaceAsync(s_nested, s_none).AsTask());
        await DeniedAsync(ada, c => c.CreateNamespaceAsync(s_nested, s_none.Add("location", "s3://lake/own/raw")).AsTask());
        await DeniedAsync(ada, c => c.CreatingAsync(s_nested).AsTask());
        await DeniedAsync(ada, c => c.UpdateNamespaceAsync(Namespace.Of("own", "away"), s_none, ["location"]).AsTask());
        Assert.Null(await _catalogs.Default.LoadNamespaceAsync(s_nested));
        if (what == "dropped")
            await _catalogs.Default.UndropTableAsync(s_kept with { Name = "below" }, s_kept with { Name = "below" });
        await (await AsAsync(await AddUserAsync("keeper", "lake/own*", "lake/sales*"))).CreateNamespaceAsync(s_nested, s_none);
    }

    /// <summary>Whoever works on a branch alone makes namespaces of any depth there; on main their folders are told as taken, and by whom.</summary>
    [Fact]
    public async Task CreateNamespace_OnABranch_NeedsNoRightOnMain()
    {
        await _catalogs.Branches("lake").CreateAsync("dev");
        var dev = await AsAsync(await AddUserAsync("dev", "lake@dev/*"), "lake@dev");
        await dev.CreateNamespaceAsync(s_nested, s_none);
        var refusal = await Assert.ThrowsAsync<TarnException>(() => CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw"));
        Assert.Contains("namespace 'own.raw' of 'lake@dev'", refusal.Message, StringComparison.Ordinal);
        await dev.DropNamespaceAsync(s_nested);
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
    }

    [Fact]
    public async Task CreateWarehouse_WhereOneOfItsNameWasDropped_TakesItsDroppedTablesBack()
    {
        var table = TableIdentifier.Of("lab", "t");
        await _catalogs.Warehouses.CreateAsync("research", "s3://research", s_none);
        var research = (await _catalogs.FindAsync("research"))!;
        await research.CreateNamespaceAsync(table.Namespace, s_none);
        var made = await CreateAsync(research, table, null);
        await research.DropTableAsync(table, purge: false);
        await research.DropNamespaceAsync(table.Namespace);
        await _catalogs.Warehouses.DropAsync("research");
        Assert.Contains("which was dropped", (await Assert.ThrowsAsync<TarnException>(() => _catalogs.Warehouses.CreateAsync("other", "s3://research", s_none).AsTask())).Message, StringComparison.Ordinal);
        await _catalogs.Warehouses.CreateAsync("research", "s3://research", s_none);
        await research.CreateNamespaceAsync(table.Namespace, s_none);
        await research.UndropTableAsync(table, table);
        Assert.Equal(made.MetadataLocation, (await research.LoadTableAsync(table))!.MetadataLocation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Undrop_WhereANamespaceLiesNow_IsRefusedUntilThatMoves(bool isView)
    {
        if (isView)
            await _catalogs.Default.CommitViewAsync(s_kept, null, View("s3://lake/own/raw"));
        else
            await CreateAsync(_catalogs.Default, s_kept, "s3://lake/own/raw");
        await (isView ? _catalogs.Default.DropViewAsync(s_kept) : _catalogs.Default.DropTableAsync(s_kept, purge: false));
        await _catalogs.Default.CreateNamespaceAsync(s_nested, s_none);
        var refusal = await Assert.ThrowsAsync<TarnException>(UndropAsync);
        Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
        Assert.Contains("its property 'location'", refusal.Message, StringComparison.Ordinal);
        var eve = await AsAsync(await AddUserAsync("eve", "lake/sales*"));
        Assert.DoesNotContain("own.raw", (await DeniedAsync(eve, UndropAsAsync)).Message, StringComparison.Ordinal);
        await _catalogs.Default.UpdateNamespaceAsync(s_nested, s_none.Add("location", "s3://lake/own/raws"), []);
        await UndropAsAsync(eve);

        Task UndropAsync() => UndropAsAsync(_catalogs.Default);

        Task UndropAsAsync(ICatalog catalog) => (isView ? catalog.UndropViewAsync(s_kept, s_kept) : catalog.UndropTableAsync(s_kept, s_kept)).AsTask();
    }

    /// <summary>A view has no folder with a table, whatever the rights; what that one is called hears who has the rights on it.</summary>
    [Fact]
    public async Task UndropView_WhereATableLiesNow_NamesThatToWhoMayHaveIt()
    {
        await _catalogs.Default.CommitViewAsync(s_kept, null, View("s3://lake/own/raw"));
        await _catalogs.Default.DropViewAsync(s_kept);
        await CreateAsync(_catalogs.Default, s_new, "s3://lake/own/raw");
        Assert.DoesNotContain("own.new", (await DeniedAsync(await AsAsync(await AddUserAsync("eve", "lake/sales*")), UndropAsync)).Message, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<TarnException>(async () => await UndropAsync(await AsAsync(await RootAsync())));
        Assert.Equal((ErrorKind.InvalidRequest, true), (refusal.Kind, refusal.Message.Contains($"'{s_new}'", StringComparison.Ordinal)));

        static Task UndropAsync(ICatalog catalog) => catalog.UndropViewAsync(s_kept, s_kept).AsTask();
    }

    [Fact]
    public async Task Create_AWarehouseAndANamespaceInOneFolderAtOnce_OneIsRefused()
    {
        for (int i = 0; i < 20; i++)
        {
            string name = $"both{i}";
            Task[] both = [Task.Run(() => _catalogs.Warehouses.CreateAsync(name, $"s3://lake/{name}", s_none).AsTask()), Task.Run(() => _catalogs.Default.CreateNamespaceAsync(Namespace.Of(name), s_none).AsTask())];
            await Task.WhenAll(both).ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.Equal(1, both.Count(b => b.IsCompletedSuccessfully));
        }
    }

    private static async Task<TarnException> DeniedAsync(ICatalog catalog, Func<ICatalog, Task> change)
    {
        var refusal = await Assert.ThrowsAsync<TarnException>(() => change(catalog));
        Assert.True(refusal.Kind == ErrorKind.PermissionDenied, refusal.Message);
        return refusal;
    }
}
