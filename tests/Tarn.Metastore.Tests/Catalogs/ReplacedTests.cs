using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>Another table or view that takes a name is a drop of what had it: refused where that is protected, and else to be taken back.</summary>
public sealed class ReplacedTests : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly Namespace s_sales = Namespace.Of("sales");
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders"), s_other = TableIdentifier.Of("more", "other"), s_back = TableIdentifier.Of("sales", "back");
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _log;
    private readonly MemoryObjectStore _store = new();
    private readonly EmbeddedCatalog _catalog;

    public ReplacedTests()
    {
        _log = new EmbeddedCommitLog(_folder["log"]);
        _catalog = new EmbeddedCatalog(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" });
    }

    private CatalogBranches Branches => new(_log, _store, "lake", "ada", TimeSpan.FromDays(1));

    private EmbeddedCatalog Dev => _catalog.OnBranch("dev");

    public async Task InitializeAsync()
    {
        await _catalog.CreateNamespaceAsync(s_sales, s_none);
        await _catalog.CreateNamespaceAsync(s_other.Namespace, s_none);
    }

    public Task DisposeAsync()
    {
        _log.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Register_AnotherTableInThePlace_DropsTheOldOneInTheSameCommit()
    {
        var (orders, other) = (await NewTable.CreateAsync(_catalog, s_orders), await NewTable.CreateAsync(_catalog, s_other));
        long before = (await _log.ReadAsync()).Number;
        await _catalog.RegisterTableAsync(s_orders, other.MetadataLocation, orders);
        Assert.Equal(before + 1, (await _log.ReadAsync()).Number);
        Assert.Equal(other.Metadata.TableUuid, (await _catalog.LoadTableAsync(s_orders))!.Metadata.TableUuid);
        await _catalog.UndropTableAsync(s_orders, s_back);
        Assert.Equal(orders.MetadataLocation, (await _catalog.LoadTableAsync(s_back))!.MetadataLocation);
        Assert.Empty(await _catalog.ListDroppedAsync());
    }

    /// <summary>What clients of the Hive Metastore keep beside the metadata comes with a file that is registered under the name that it has elsewhere: without it the two would not be alike, and never merge.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merge_AfterTheOthersStateWasRegistered_FindsBothAlike(bool isTable)
    {
        var parameters = ImmutableSortedDictionary<string, string>.Empty.Add("parameters.note", "kept");
        string first = isTable ? (await NewTable.CreateAsync(_catalog, s_other)).MetadataLocation : (await NewView.CreateAsync(_catalog, s_other)).MetadataLocation;
        await _log.AppendAsync(new CommitRequest("hive", [], [isTable
            ? new CatalogChange.PutTable(s_other, (await _catalog.LoadTableAsync(s_other))!.Metadata.TableUuid, first) { Annotations = parameters }
            : new CatalogChange.PutView(s_other, (await _catalog.LoadViewAsync(s_other))!.Metadata.ViewUuid, first) { Annotations = parameters }]));
        await Branches.CreateAsync("dev");
        await ChangeAsync(_catalog, "main");
        await ChangeAsync(Dev, "dev");
        await Assert.ThrowsAsync<CommitConflictException>(() => Branches.MergeAsync("dev", "main").AsTask());
        if (isTable)
        {
            await _catalog.DropTableAsync(s_other, purge: false);
            await _catalog.RegisterTableAsync(s_other, (await Dev.LoadTableAsync(s_other))!.MetadataLocation);
        }
        else
        {
            await _catalog.DropViewAsync(s_other);
            await _catalog.RegisterViewAsync(s_other, (await Dev.LoadViewAsync(s_other))!.MetadataLocation);
        }

        Assert.Empty(await Branches.MergeAsync("dev", "main"));
        var there = (await _log.ReadAsync()).RequireCatalog(CatalogAddress.Default).Find(s_other)!;
        Assert.Equal("kept", there.Annotations["parameters.note"]);

        async Task ChangeAsync(EmbeddedCatalog catalog, string value)
        {
            var properties = new Dictionary<string, string> { ["k"] = value };
            if (isTable)
                await catalog.CommitAsync([new TableCommit(s_other, [], [new TableUpdate.SetProperties(properties)])]);
            else if (await catalog.LoadViewAsync(s_other) is { } view)
                await catalog.CommitViewAsync(s_other, view, view.Metadata with { Properties = view.Metadata.Properties.SetItems(properties) });
        }
    }

    /// <summary>The earlier states that a branch forgets are those of main, which goes back to them by registering their files; those that it has made itself go.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_OnABranchThatDeletesForgottenMetadata_LeavesThatOfMain(bool isRegistered)
    {
        await NewTable.CreateAsync(_catalog, s_orders);
        await SetAsync(_catalog, "write.metadata.previous-versions-max", "1");
        if (isRegistered)
            await Branches.CreateAsync("dev");
        var earlier = await SetAsync(_catalog, "write.metadata.delete-after-commit.enabled", "true");
        var last = await SetAsync(_catalog, "k", "1");
        if (isRegistered)
            await Dev.RegisterTableAsync(s_orders, last.MetadataLocation, await Dev.LoadTableAsync(s_orders));
        else
            await Branches.CreateAsync("dev");
        var own = new List<TableHandle>();
        for (int i = 0; i < 4; i++)
            own.Add(await SetAsync(Dev, "k", "dev" + i));
        Assert.NotNull(await _store.HeadAsync(earlier.MetadataLocation));
        bool[] there = await Task.WhenAll(own.Select(async o => await _store.HeadAsync(o.MetadataLocation) is not null));
        Assert.Equal([false, false, true, true], there);
        await SetAsync(_catalog, "k", "2");
        Assert.Null(await _store.HeadAsync(earlier.MetadataLocation));
        // By what was registered there it is known what the branch has made, and by its base.
        for (int i = 3; i < 5; i++)
            await SetAsync(_catalog, "k", $"{i}");
        Assert.NotNull(await _store.HeadAsync(last.MetadataLocation));
    }

    private static async Task<TableHandle> SetAsync(EmbeddedCatalog catalog, string key, string value) =>
        (await catalog.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { [key] = value })])]))[0];

    /// <summary>Who has it in memory would make a table that nobody else can read, and that all purges wait for.</summary>
    [Theory]
    [InlineData("new")]
    [InlineData("over another")]
    [InlineData("brought back")]
    public async Task Register_AMetadataFileThatWasDeleted_IsRefused(string way)
    {
        var (orders, other) = (await NewTable.CreateAsync(_catalog, s_orders), await NewTable.CreateAsync(_catalog, s_other));
        await _catalog.DropTableAsync(s_other, purge: false);
        await _store.DeleteAsync(other.MetadataLocation);
        var refusal = await Assert.ThrowsAsync<TarnException>(() => way switch
        {
            "new" => _catalog.RegisterTableAsync(s_other, other.MetadataLocation).AsTask(),
            "over another" => _catalog.RegisterTableAsync(s_orders, other.MetadataLocation, orders).AsTask(),
            _ => _catalog.UndropTableAsync(s_other, s_back).AsTask(),
        });
        Assert.Equal(ErrorKind.NotFound, refusal.Kind);
        Assert.Contains(other.MetadataLocation, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sales.orders")]
    [InlineData("sales")]
    public async Task Register_AnotherTableInThePlaceOfAProtectedOne_IsRefusedAsADropIs(string isProtected)
    {
        var (orders, other) = (await NewTable.CreateAsync(_catalog, s_orders), await NewTable.CreateAsync(_catalog, s_other));
        await _catalog.ProtectAsync(isProtected.Split('.'), true);
        var before = await _log.ReadAsync();
        var dropped = await Assert.ThrowsAsync<TarnException>(() => _catalog.DropTableAsync(s_orders, purge: false).AsTask());
        var refused = await Assert.ThrowsAsync<TarnException>(() => _catalog.RegisterTableAsync(s_orders, other.MetadataLocation, orders).AsTask());
        Assert.Equal((dropped.Kind, dropped.Message), (refused.Kind, refused.Message));
        Assert.Equal(before.Number, (await _log.ReadAsync()).Number);
    }

    /// <summary>An earlier or later state of the same table is no drop: a pointer is repaired, or a commit is taken back.</summary>
    [Fact]
    public async Task Register_AStateOfTheSameProtectedTable_IsAllowedAndKeepsTheProtection()
    {
        var first = await NewTable.CreateAsync(_catalog, s_orders);
        var second = (await _catalog.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })])]))[0];
        await _catalog.ProtectAsync(["sales", "orders"], true);
        await _catalog.RegisterTableAsync(s_orders, first.MetadataLocation, second);
        Assert.Equal(first.MetadataLocation, (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation);
        Assert.Empty(await _catalog.ListDroppedAsync());
        await Assert.ThrowsAsync<TarnException>(() => _catalog.DropTableAsync(s_orders, purge: false).AsTask());
    }

    [Fact]
    public async Task Register_AnotherViewInThePlace_IsADrop()
    {
        var (view, other) = (await NewView.CreateAsync(_catalog, s_orders), await NewView.CreateAsync(_catalog, s_other));
        await _catalog.ProtectAsync(["sales", "orders"], true);
        var refused = await Assert.ThrowsAsync<TarnException>(() => _catalog.RegisterViewAsync(s_orders, other.MetadataLocation, view).AsTask());
        Assert.Contains("View 'sales.orders' is protected and is not dropped", refused.Message, StringComparison.Ordinal);
        await _catalog.ProtectAsync(["sales", "orders"], false);
        await _catalog.RegisterViewAsync(s_orders, other.MetadataLocation, view);
        await _catalog.UndropViewAsync(s_orders, s_back);
        Assert.Equal(view.MetadataLocation, (await _catalog.LoadViewAsync(s_back))!.MetadataLocation);
    }

    [Theory]
    [InlineData("sales.orders", "table")]
    [InlineData("sales.orders", "view")]
    [InlineData("sales", "table")]
    public async Task Merge_NameOfSomethingProtectedIsAnothersOnTheBranch_IsRefusedUntilThatIsLifted(string isProtected, string comes)
    {
        var orders = await NewTable.CreateAsync(_catalog, s_orders);
        await _catalog.ProtectAsync(isProtected.Split('.'), true);
        await Branches.CreateAsync("dev");
        await Dev.ProtectAsync(isProtected.Split('.'), false);
        await Dev.DropTableAsync(s_orders, purge: false);
        string next = comes == "view" ? (await NewView.CreateAsync(Dev, s_orders)).MetadataLocation : (await NewTable.CreateAsync(Dev, s_orders)).MetadataLocation;
        var refused = await Assert.ThrowsAsync<TarnException>(() => Branches.MergeAsync("dev", "main").AsTask());
        Assert.Equal(ErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains("Table 'sales.orders' is ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("protected", refused.Message, StringComparison.Ordinal);
        Assert.Equal(orders.MetadataLocation, (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation);

        await _catalog.ProtectAsync(isProtected.Split('.'), false);
        await Branches.MergeAsync("dev", "main");
        Assert.Equal(next, (await _log.ReadAsync()).Main.Pointers.Single(p => p.Name == s_orders).MetadataLocation);
        await _catalog.UndropTableAsync(s_orders, s_back);
        Assert.Equal(orders.MetadataLocation, (await _catalog.LoadTableAsync(s_back))!.MetadataLocation);
    }

    /// <summary>A table that stepped aside for another is not gone, and takes its protection along.</summary>
    [Fact]
    public async Task Merge_ProtectedTableHasANewNameAndItsOldOneIsTaken_KeepsItUnderTheNewName()
    {
        var orders = await NewTable.CreateAsync(_catalog, s_orders);
        await _catalog.ProtectAsync(["sales", "orders"], true);
        await Branches.CreateAsync("dev");
        await Dev.RenameTableAsync(s_orders, s_back);
        var next = await NewTable.CreateAsync(Dev, s_orders);
        await Branches.MergeAsync("dev", "main");
        var state = (await _log.ReadAsync()).Main;
        Assert.Equal((orders.MetadataLocation, true), (state.FindTable(s_back)!.MetadataLocation, state.FindTable(s_back)!.IsProtected));
        Assert.Equal((next.MetadataLocation, false), (state.FindTable(s_orders)!.MetadataLocation, state.FindTable(s_orders)!.IsProtected));
        Assert.DoesNotContain((await _log.ReadAsync()).Dropped.Values, d => d.At == CatalogAddress.Default);
    }

    [Fact]
    public async Task Merge_TwoTablesHaveSwappedNames_IsRefusedWhileOneIsProtected()
    {
        var (orders, back) = (await NewTable.CreateAsync(_catalog, s_orders), await NewTable.CreateAsync(_catalog, s_back));
        await Branches.CreateAsync("dev");
        foreach (var (from, to) in ((TableIdentifier, TableIdentifier)[])[(s_orders, s_other), (s_back, s_orders), (s_other, s_back)])
            await Dev.RenameTableAsync(from, to);
        await _catalog.ProtectAsync(["sales", "orders"], true);
        Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => Branches.MergeAsync("dev", "main").AsTask())).Kind);
        await _catalog.ProtectAsync(["sales", "orders"], false);
        await Branches.MergeAsync("dev", "main");
        Assert.Equal(
            (back.MetadataLocation, orders.MetadataLocation),
            ((await _catalog.LoadTableAsync(s_orders))!.MetadataLocation, (await _catalog.LoadTableAsync(s_back))!.MetadataLocation));
        Assert.Empty(await _catalog.ListDroppedAsync());
    }

    /// <summary>A client that writes metadata itself goes on on the branch; what main has made of the branch's state it has brought there.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Register_OfTheNextStateOnABranch_IsTheBranchsOwnUnlessMainHasIt(int ahead)
    {
        await NewTable.CreateAsync(_catalog, s_orders);
        await Branches.CreateAsync("dev");
        var state = await ChangeAsync(Dev);
        if (ahead == 0)
        {
            var next = await ChangeAsync(Dev);
            await _log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.PutTable(s_orders, state.Metadata.TableUuid, state.MetadataLocation)]) { At = Dev.At });
            await Dev.RegisterTableAsync(s_orders, next.MetadataLocation, state);
            Assert.Empty((await _log.ReadAsync()).RequireCatalog(Dev.At).FindTable(s_orders)!.Common);
            return;
        }

        await _catalog.RegisterTableAsync(s_orders, state.MetadataLocation, await _catalog.LoadTableAsync(s_orders));
        for (int i = 0; i < ahead; i++)
            await ChangeAsync(_catalog);
        string brought = (await _catalog.LoadTableAsync(s_orders))!.MetadataLocation;
        await ChangeAsync(_catalog);
        await Dev.RegisterTableAsync(s_orders, brought, state);
        Assert.Equal([brought], (await _log.ReadAsync()).RequireCatalog(Dev.At).FindTable(s_orders)!.Common);

        async Task<TableHandle> ChangeAsync(EmbeddedCatalog catalog) =>
            (await catalog.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = Guid.NewGuid().ToString() })])]))[0];
    }

    /// <summary>Whatever door writes the commit.</summary>
    [Fact]
    public async Task Append_PutOfAnotherUuid_IsRefusedUnlessTheOldOneIsDroppedBefore()
    {
        await NewTable.CreateAsync(_catalog, s_orders);
        await NewView.CreateAsync(_catalog, s_back);
        var put = new CatalogChange.PutTable(s_orders, Guid.NewGuid(), "s3://lake/another.json");
        foreach (CatalogChange change in (CatalogChange[])[put, new CatalogChange.PutView(s_back, Guid.NewGuid(), "s3://lake/another.json")])
            Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => _log.AppendAsync(new CommitRequest("ada", [], [change])).AsTask())).Kind);
        await _log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.DropTable(s_orders), put]));
        Assert.Equal(put.Uuid, (await _log.ReadAsync()).Main.FindTable(s_orders)!.Uuid);
    }

    /// <summary>Records of a version that allowed it give the state that they gave then.</summary>
    [Fact]
    public async Task Read_OlderRecordThatReplacedAProtectedTable_GivesItsState()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        CatalogChange[][] changes =
        [
            [new CatalogChange.PutNamespace(s_sales, s_none)],
            [new CatalogChange.PutTable(s_orders, one, "s3://lake/1.json"), new CatalogChange.PutView(s_back, one, "s3://lake/v1.json")],
            [new CatalogChange.ProtectTable(s_orders, true), new CatalogChange.ProtectView(s_back, true)],
            [new CatalogChange.PutTable(s_orders, two, "s3://lake/2.json"), new CatalogChange.PutView(s_back, two, "s3://lake/v2.json")],
        ];
        using (var log = new EmbeddedCommitLog(_folder["older"]))
        using (await log.HoldAsync(default))
        {
            var records = changes.Select((c, i) => new CommitRecord(i + 1, DateTimeOffset.UnixEpoch, "ada", CatalogAddress.Default, c));
            log.Replace([.. records]);
        }

        using var again = new EmbeddedCommitLog(_folder["older"]);
        var state = await again.ReadAsync();
        Assert.Equal((4, two, true), (state.Number, state.Main.FindTable(s_orders)!.Uuid, state.Main.FindTable(s_orders)!.IsProtected));
        Assert.Equal((two, true), (state.Main.FindView(s_back)!.Uuid, state.Main.FindView(s_back)!.IsProtected));
        Assert.Empty(state.Dropped);
        await again.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.PutTable(s_orders, two, "s3://lake/3.json")]));
        Assert.Equal("s3://lake/3.json", (await again.ReadAsync()).Main.FindTable(s_orders)!.MetadataLocation);
    }
}
