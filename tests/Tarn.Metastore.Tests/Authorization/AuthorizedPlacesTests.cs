using System.Collections.Immutable;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Access.Store;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Access;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Access;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Authorization;

/// <summary>Where clients may put things, by every way that names a place; and whose files they get by it.</summary>
public sealed partial class AuthorizedPlacesTests : IAsyncLifetime
{
    private const string Outside = "s3://elsewhere/x", RootKey = "tarnroot";
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> s_noPartitions = ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders"), s_mine = TableIdentifier.Of("own", "mine"), s_new = TableIdentifier.Of("own", "new"), s_raw = TableIdentifier.Of("own", "raw");

    // Every way to name a folder.
    private static readonly Dictionary<string, Func<AuthorizedPlacesTests, ICatalog, string, Task>> s_ways = new()
    {
        ["create"] = (t, c, l) => CreateAsync(c, s_new, l),
        ["create with a path"] = (t, c, l) => CreateAsync(c, s_new, null, ("write.data.path", l)),
        ["set location"] = (t, c, l) => c.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.SetLocation(l)])]).AsTask(),
        ["set path"] = (t, c, l) => c.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["write.metadata.path"] = l })])]).AsTask(),
        ["register content"] = async (t, c, l) => await c.RegisterTableAsync(s_new, await t.WriteAsync(Metadata(l))),
        ["register content with a path"] = async (t, c, l) => await c.RegisterTableAsync(s_new, await t.WriteAsync(Metadata("s3://lake/own/fine", ("write.data.path", l)))),
        ["register over"] = async (t, c, l) => await c.RegisterTableAsync(s_mine, await t.WriteAsync(Metadata(l)), await c.LoadTableAsync(s_mine)),
        ["register as commit"] = async (t, c, l) =>
        {
            var mine = (await c.LoadTableAsync(s_mine))!;
            await c.RegisterTableAsync(s_mine, await t.WriteAsync(mine.Metadata with { Location = l }, mine.Metadata.Location), mine, _ => s_none);
        },
        ["create view"] = (t, c, l) => c.CommitViewAsync(s_new, null, View(l)).AsTask(),
        ["change view"] = async (t, c, l) =>
        {
            var made = await c.CommitViewAsync(s_new, null, View("s3://lake/own/view"));
            await c.CommitViewAsync(s_new, made, made.Metadata with { Properties = s_none.Add("write.metadata.path", l) });
        },
        ["register view content"] = async (t, c, l) => await c.RegisterViewAsync(s_new, await t.WriteAsync(View(l))),
        ["foreign"] = (t, c, l) => c.CommitForeignTableAsync(s_new, null, new ForeignTable(s_none.Add("sd.location", l), s_noPartitions)).AsTask(),
        ["foreign partition"] = async (t, c, l) =>
        {
            var made = await c.CommitForeignTableAsync(s_new, null, new ForeignTable(s_none.Add("sd.location", "s3://lake/own/new"), s_noPartitions));
            await c.CommitForeignTableAsync(s_new, made, made.Table with { Partitions = s_noPartitions.Add("day=1", s_none.Add("sd.location", l)) });
        },
        ["default of a namespace"] = (t, c, l) => c.CreateNamespaceAsync(Namespace.Of("own2"), s_none.Add("table-default.write.data.path", l)).AsTask(),
        ["override of a namespace"] = (t, c, l) => c.UpdateNamespaceAsync(Namespace.Of("own"), s_none.Add("table-override.write.metadata.path", l), []).AsTask(),
    };

    // Ways that name single files, or where a namespace lies.
    private static readonly Dictionary<string, Func<AuthorizedPlacesTests, ICatalog, string, Task>> s_furtherWays = new()
    {
        ["manifest list"] = (t, c, l) => c.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.AddSnapshot(Snapshot(l + "/x.avro"))])]).AsTask(),
        ["statistics"] = (t, c, l) => c.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.SetPartitionStatistics(new PartitionStatisticsFile(1, l + "/x", 1))])]).AsTask(),
        ["registered manifest list"] = async (t, c, l) => await c.RegisterTableAsync(s_new, await t.WriteAsync(Metadata("s3://lake/own/fine") with { Snapshots = [Snapshot(l + "/x.avro")], LastSequenceNumber = 1 })),
        ["register"] = async (t, c, l) => await c.RegisterTableAsync(s_new, await t.WriteAsync(Metadata("s3://lake/own/fine"), l)),
        ["register view"] = async (t, c, l) => await c.RegisterViewAsync(s_new, await t.WriteAsync(View("s3://lake/own/fine"), l)),
    };

    private static readonly Dictionary<string, Func<AuthorizedPlacesTests, ICatalog, string, Task>> s_namespaces = new()
    {
        ["namespace"] = (t, c, l) => c.CreateNamespaceAsync(Namespace.Of("own2"), s_none.Add("location", l)).AsTask(),
        ["namespace moved"] = (t, c, l) => c.UpdateNamespaceAsync(Namespace.Of("own"), s_none.Add("location", l), []).AsTask(),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryObjectStore _store = new(new LocationMap([KeyValuePair.Create("s3://alias/", "s3://lake/")]));
    private EmbeddedCommitLog _log = null!;
    private EmbeddedCatalogs _catalogs = null!;
    private AccessServices _access = null!;
    private string _orders = "";

    public static TheoryData<string> Folders => [.. s_ways.Keys];

    public static TheoryData<string> Places => [.. s_ways.Keys, .. s_furtherWays.Keys, .. s_namespaces.Keys];

    public static TheoryData<string> Files => [.. s_ways.Keys, .. s_furtherWays.Keys];

    public async Task InitializeAsync()
    {
        _log = new EmbeddedCommitLog(_folder["log"]);
        _catalogs = new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
        _access = new AccessServices(new MemoryAccessStore(), new() { DataFolder = _folder.Path });
        await _access.Administration.EnsureRootAsync(new RootCredential(RootKey, "tarnrootsecret"));
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("own"), s_none);
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("sales"), s_none);
        await CreateAsync(_catalogs.Default, s_mine, null);
        _orders = (await CreateAsync(_catalogs.Default, s_orders, null)).Metadata.Location;
    }

    public async Task DisposeAsync()
    {
        await _access.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Ways_OutsideOfTheAllowedLocations_AreRefusedForEverybody(string way)
    {
        var root = await AsAsync(await RootAsync());
        foreach (string location in new[] { Outside, "s3://lake/../elsewhere", "s3://lake2/x", "file:///etc" })
            Assert.Contains("not below an allowed location", (await RefusalAsync(way, root, location)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Ways_WithinTheAllowedLocations_AreOpen(string way)
    {
        await Way(way)(this, await AsAsync(await RootAsync(), allowed: new AllowedLocations(["s3://lake", "s3://elsewhere/"])), Outside);
        Assert.NotEqual(0, (await _log.ReadAsync()).Number);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Ways_ThatPutSomethingSomewhere_ChangeTheMarkOfRights(string way)
    {
        var warehouses = new EmbeddedWarehouses(_catalogs, _access.Control);
        object before = await warehouses.ReadMarkAsync();
        await Way(way)(this, await AsAsync(await RootAsync(), allowed: new AllowedLocations(["s3://lake", "s3://elsewhere/"])), Outside);
        object after = await warehouses.ReadMarkAsync();
        // What names files alone moves nothing.
        Assert.Equal(way is "manifest list" or "statistics", ReferenceEquals(before, after));
        await _catalogs.Default.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["a"] = "b" })])]);
        Assert.Same(after, await warehouses.ReadMarkAsync());
        var orders = (await _catalogs.Default.LoadTableAsync(s_orders))!;
        await _catalogs.Default.RegisterTableAsync(s_orders, await WriteAsync(orders.Metadata with { LastColumnId = 7 }, orders.Metadata.Location), orders, _ => s_none);
        Assert.Same(after, await warehouses.ReadMarkAsync());
        await _catalogs.Default.DropTableAsync(s_orders, purge: false);
        Assert.NotSame(after, after = await warehouses.ReadMarkAsync());
        await _catalogs.Branches("lake").CreateAsync("dev");
        Assert.NotSame(after, after = await warehouses.ReadMarkAsync());
        await new LogAccessStore(_log).CommitAsync("test", 0, [new AccessRecordChange(new AccessRecordKey("user", "ada"), "{}")]);
        Assert.NotSame(after, await warehouses.ReadMarkAsync());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Ways_IntoTheFolderOfAnotherTableByAnotherName_NeedRightsOnIt(string way)
    {
        var allowed = new AllowedLocations(["s3://lake", "s3://alias"]);
        string alias = "s3://alias/" + _orders["s3://lake/".Length..];
        var thief = await AsAsync(await AddUserAsync("thief", "lake/own*"), allowed: allowed);
        Assert.Contains("another table", (await RefusalAsync(way, thief, alias)).Message, StringComparison.Ordinal);
        await RequireRootAsync(way, allowed, alias + "/below");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Ways_IntoTheFolderOfAnotherTable_NeedRightsOnIt(string way)
    {
        var thief = await AsAsync(await AddUserAsync("thief", "lake/own*"));
        bool isFile = s_furtherWays.ContainsKey(way);
        foreach (string location in isFile ? new[] { _orders, _orders + "/data" } : new[] { _orders, _orders + "/data/", "s3a" + _orders[2..], "s3://lake/sales", "s3://lake" })
        {
            var refusal = await RefusalAsync(way, thief, location);
            Assert.DoesNotContain("orders'", refusal.Message.Replace(location, "", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        await RequireRootAsync(way, null, _orders + "/below");
    }

    /// <summary>A client that got no answer sends its commit again, and a refusal makes it delete its files.</summary>
    [Fact]
    public async Task Creation_SentAgainWhenOthersHaveItsFilesToo_IsDoneOrUnknown()
    {
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*", "lake/sales/orders"));
        var metadata = Metadata(await ada.NewTableLocationAsync(s_new));
        var creation = new TableCommit(s_new, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata));
        var created = (await ada.CommitAsync([creation]))[0];
        await _catalogs.Branches("lake").CreateAsync("dev");
        Assert.Equal(created.MetadataLocation, (await ada.CommitAsync([creation]))[0].MetadataLocation);
        await _catalogs.Default.RegisterTableAsync(TableIdentifier.Of("sales", "second"), created.MetadataLocation);
        Assert.Equal(created.MetadataLocation, (await ada.CommitAsync([creation]))[0].MetadataLocation);
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<TarnException>(() => ada.RegisterTableAsync(s_new, created.MetadataLocation).AsTask())).Kind);
        await _catalogs.Default.RenameTableAsync(s_new, TableIdentifier.Of("sales", "renamed"));
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => ada.CommitAsync([creation]).AsTask());
        Assert.Null(await _catalogs.Default.LoadTableAsync(s_new));
    }

    [Theory]
    [InlineData("branch")]
    [InlineData("other branch")]
    [InlineData("warehouse")]
    [InlineData("dropped")]
    [InlineData("purged")]
    [InlineData("renamed")]
    [InlineData("foreign")]
    [InlineData("view")]
    public async Task Create_WhereAnythingElseLies_NeedsRightsOnIt(string what)
    {
        string location = _orders;
        string warehouse = "lake";
        switch (what)
        {
            case "branch":
                await _catalogs.Branches("lake").CreateAsync("dev");
                await _catalogs.Default.UnregisterTableAsync(s_orders);
                break;
            case "other branch":
                await _catalogs.Branches("lake").CreateAsync("dev");
                warehouse = "lake@dev";
                break;
            case "warehouse":
                await _catalogs.Warehouses.CreateAsync("other", "s3://lake/far", s_none);
                var other = (await _catalogs.FindAsync("other"))!;
                await other.CreateNamespaceAsync(Namespace.Of("sales"), s_none);
                location = (await CreateAsync(other, s_orders, null)).Metadata.Location;
                break;
            case "dropped" or "purged":
                await _catalogs.Default.DropTableAsync(s_orders, purge: what == "purged");
                break;
            case "renamed":
                await _catalogs.Default.RenameTableAsync(s_orders, TableIdentifier.Of("sales", "renamed"));
                break;
            case "foreign":
                location = "s3://lake/raw/x";
                await _catalogs.Default.CommitForeignTableAsync(TableIdentifier.Of("sales", "raw"), null, new ForeignTable(s_none.Add("sd.location", "s3://lake/raw"), s_noPartitions));
                break;
            case "view":
                location = (await _catalogs.Default.CommitViewAsync(TableIdentifier.Of("sales", "v"), null, View("s3://lake/sales/view"))).Metadata.Location;
                break;
        }

        var thief = await AsAsync(await AddUserAsync("thief", warehouse + "/own*"), warehouse);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(thief, s_new, location))).Kind);
        Assert.Null(await thief.LoadTableAsync(s_new));
        var root = await AsAsync(await RootAsync(), warehouse);
        if (what is "dropped" or "purged" or "foreign")
            await CreateAsync(root, s_new, location);
        else
            Assert.Contains(what == "warehouse" ? "of another warehouse" : "a folder of its own", (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(root, s_new, location))).Message, StringComparison.Ordinal);
    }

    /// <summary>The next state of a table is a commit; another one in its folder, which takes its place, drops it.</summary>
    [Fact]
    public async Task Register_OfAnotherUuidInTheFolderOfATable_TakesTheRightToDrop()
    {
        var caller = await AddUserAsync("committer", "lake/own*");
        await _access.Administration.PutPolicyAsync("committer", """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake/own*"},
              {"Effect":"Deny","Action":"catalog:Drop*","Resource":"*"}]}
            """);
        var committer = await AsAsync(caller, "lake");
        var mine = (await committer.LoadTableAsync(s_mine))!;
        string another = await WriteAsync(mine.Metadata with { TableUuid = Guid.NewGuid() }, mine.Metadata.Location);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => committer.RegisterTableAsync(s_mine, another, mine).AsTask())).Kind);
        await committer.RegisterTableAsync(s_mine, await WriteAsync(mine.Metadata, mine.Metadata.Location), mine);
        var view = await committer.CommitViewAsync(s_new, null, View("s3://lake/own/view"));
        string other = await WriteAsync(View(view.Metadata.Location), view.Metadata.Location);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => committer.RegisterViewAsync(s_new, other, view).AsTask())).Kind);
        await committer.RegisterViewAsync(s_new, await WriteAsync(view.Metadata, view.Metadata.Location), view);
    }

    [Fact]
    public async Task Register_WithTheUuidOfAnother_IsAnotherAllTheSame()
    {
        var thief = await AsAsync(await AddUserAsync("thief", "lake/own*"));
        var orders = (await _catalogs.Default.LoadTableAsync(s_orders))!.Metadata;
        await thief.RegisterTableAsync(s_new, await WriteAsync(orders with { Location = "s3://lake/own/forged" }));
        foreach (string location in new[] { _orders, "s3://lake" })
        {
            string forged = await WriteAsync(orders with { Location = location });
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => thief.RegisterTableAsync(TableIdentifier.Of("own", "forged"), forged).AsTask())).Kind);
            var present = await thief.LoadTableAsync(s_new);
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => thief.RegisterTableAsync(s_new, forged, present).AsTask())).Kind);
        }
    }

    [Fact]
    public async Task Create_InTheFolderOfATableThatWasDropped_IsOpenToWhoMayHaveThatOne()
    {
        var keeper = await AsAsync(await AddUserAsync("keeper", "lake/sales*"));
        await keeper.DropTableAsync(s_orders, purge: false);
        Assert.Equal(_orders, (await CreateAsync(keeper, s_orders, _orders)).Metadata.Location);
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(keeper, s_orders)).Rights);
    }

    [Fact]
    public async Task Commit_WhereTheTableLiesAlready_IsOpen()
    {
        await CreateAsync(_catalogs.Default, s_new, Outside, ("write.metadata.path", "s3://else/m"));
        var root = await AsAsync(await RootAsync());
        await root.CommitAsync([new TableCommit(s_new, [], [new TableUpdate.AddSnapshot(Snapshot("s3://else/m/x.avro")), new TableUpdate.SetLocation(Outside + "/deeper")])]);
        var foreign = new ForeignTable(s_none.Add("sd.location", "s3://else/raw"), s_noPartitions);
        await _catalogs.Default.CommitForeignTableAsync(s_raw, null, foreign);
        var raw = (await root.LoadForeignTableAsync(s_raw))!;
        await root.CommitForeignTableAsync(s_raw, raw, foreign with { Partitions = s_noPartitions.Add("a=1", s_none.Add("sd.location", "s3://else/raw/a=1")) });
    }

    [Fact]
    public async Task Create_WithLocationsAllowedElsewhere_LiesWhereTheCatalogPutsIt()
    {
        var narrow = await AsAsync(await RootAsync(), allowed: new AllowedLocations(["s3://landing"]));
        Assert.StartsWith("s3://lake/own/new-", (await CreateAsync(narrow, s_new, null, ("write.data.path", "files"))).Metadata.Location, StringComparison.Ordinal);
        await CreateAsync(narrow, TableIdentifier.Of("own", "hive"), "s3://lake/own/hive");
        await narrow.UpdateNamespaceAsync(Namespace.Of("own"), s_none.Add("location", "s3://lake/own/"), []);
        foreach (string location in new[] { "s3://lake/other", "s3://lake/own", "s3://lake/own/a/b", "s3://lake/sales/x" })
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(narrow, TableIdentifier.Of("own", "x"), location))).Kind);
        // Somebody had sent the namespace away before there was a limit.
        await _catalogs.Default.UpdateNamespaceAsync(Namespace.Of("own"), s_none.Add("location", "s3://far/own"), []);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(narrow, TableIdentifier.Of("own", "x"), null))).Kind);
    }

    // Clients that stage a table are told the paths of the warehouse and send them back.
    [Fact]
    public async Task Create_NamingTheDefaultPathsThatItIsGiven_IsAllowedWithThoseAlone()
    {
        await _catalogs.Warehouses.UpdateAsync("lake", s_none.Add("table-default.write.data.path", Outside).Add("table-override.write.metadata.path", "s3://else/m"), []);
        var root = await AsAsync(await RootAsync());
        foreach (var (property, path) in new[] { ("write.data.path", Outside + "/deeper"), ("write.metadata.path", Outside) })
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(root, s_new, null, (property, path)))).Kind);
        var made = await CreateAsync(root, s_new, null, ("write.data.path", Outside), ("write.metadata.path", "s3://else/m"));
        Assert.Equal((Outside, "s3://else/m"), (made.Metadata.Properties["write.data.path"], made.Metadata.Properties["write.metadata.path"]));
        // What others have there is theirs, named or not.
        var own = await AsAsync(await AddUserAsync("ada", "lake/own", "lake/own/x"));
        foreach (var named in (IReadOnlyList<(string, string)[]>)[[], [("write.data.path", Outside)]])
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(own, TableIdentifier.Of("own", "x"), null, named))).Kind);
    }

    // The store knows one file by several spellings, of which only one is that of its owner.
    [Theory]
    [InlineData("s3://lake/own/old/metadata/x.avro", true)]
    [InlineData("s3a://lake/other/x.avro", true)]
    [InlineData("file:///data/lake/x.avro", true)]
    [InlineData("/data/lake/deeper/x.avro", true)]
    [InlineData("file:///data/other/x.avro", false)]
    [InlineData("/proc/self/root/data/lake/x.avro", false)]
    [InlineData("file:///data/lake/../x.avro", false)]
    [InlineData("s3://alias/x.avro", false)]
    [InlineData("x.avro", false)]
    public async Task RequireReadable_FilesElsewhere_MustBeWhereTablesMayLie(string file, bool isAllowed)
    {
        var catalog = await AsAsync(await RootAsync(), allowed: new AllowedLocations(["file:///data/lake", "s3://landing"]));
        var mine = (await catalog.LoadTableAsync(s_mine))!.Metadata;
        Task Check() => ((IDataAccess)catalog).RequireReadableAsync(s_mine, mine, [mine.Location + "/metadata/own.avro", file]).AsTask();
        if (isAllowed)
            await Check();
        else
            Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(Check)).Kind);
    }

    [Fact]
    public async Task Create_InEachWarehouse_LiesBelowItsOwnLocation()
    {
        await _catalogs.Warehouses.CreateAsync("other", "s3://other", s_none);
        var other = await AsAsync(await RootAsync(), "other");
        await other.CreateNamespaceAsync(Namespace.Of("own"), s_none);
        await CreateAsync(other, s_new, "s3://other/x");
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(other, s_mine, "s3://lake/x"))).Kind);
    }

    [Fact]
    public async Task Rights_OnASharedFolder_AreThoseOnAllThatShareIt()
    {
        // As it may stand from before, or from two who were at it at once.
        await PutAsync("lake", s_new, _orders + "/data");
        await _catalogs.Warehouses.CreateAsync("other", "s3://other", s_none);
        var other = (await _catalogs.FindAsync("other"))!;
        await other.CreateNamespaceAsync(Namespace.Of("own"), s_none);
        await PutAsync("other", s_mine, "s3://lake/own");
        var own = await AddUserAsync("ada", "lake/own*");
        Assert.Equal(DataRights.None, (await RightsAsync(await AsAsync(own), s_new)).Rights);
        Assert.Equal(DataRights.None, (await RightsAsync(await AsAsync(own), s_mine)).Rights);
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(await AsAsync(await AddUserAsync("bob", "lake/*", "other/*")), s_new)).Rights);
        await _catalogs.Default.DropTableAsync(s_orders, purge: false);
        Assert.Equal(DataRights.None, (await RightsAsync(await AsAsync(own), s_new)).Rights);
        Assert.Equal(DataRights.None, (await RightsAsync(await AsAsync(await AddUserAsync("eve", "other/*"), "other"), s_mine, "s3://other")).Rights);
    }

    [Fact]
    public async Task Rights_OnABranch_AreThoseOfTheTableThere()
    {
        await _catalogs.Branches("lake").CreateAsync("dev");
        var dev = await AsAsync(await AddUserAsync("dev", "lake@dev/*"), "lake@dev");
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(dev, s_orders)).Rights);
        Assert.False((await RightsAsync(dev, s_orders)).CanReplace);
        Assert.True((await RightsAsync(await AsAsync(await AddUserAsync("both", "lake*"), "lake@dev"), s_orders)).CanReplace);
        Assert.True((await RightsAsync(await AsAsync(await AddUserAsync("main", "lake/*")), s_orders)).CanReplace);
        // A table of the branch alone is its own.
        await CreateAsync(dev, s_new with { Namespace = s_orders.Namespace }, null);
        Assert.True((await RightsAsync(dev, s_new with { Namespace = s_orders.Namespace })).CanReplace);
        await _catalogs.Branches("lake").CreateAsync("next", "dev");
        Assert.False((await RightsAsync(dev, s_new with { Namespace = s_orders.Namespace })).CanReplace);
        await _catalogs.Branches("lake").DeleteAsync("next");
        await dev.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })])]);
        Assert.Equal([_orders], (await RightsAsync(dev, s_orders)).Folders);
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(dev, s_orders)).Rights);
        // What main has given up and forgotten is the branch's.
        await _catalogs.Default.UnregisterTableAsync(s_orders);
        Assert.True((await RightsAsync(dev, s_orders)).CanReplace);
    }

    // Root may all that anybody may; a table or view in the folder of another one is nobody's right.
    private async Task RequireRootAsync(string way, AllowedLocations? allowed, string location)
    {
        var root = await AsAsync(await RootAsync(), allowed: allowed);
        // What comes with its files lies where they are.
        bool isRegistered = way.StartsWith("register", StringComparison.Ordinal) && way != "register view content";
        if (isRegistered || s_furtherWays.ContainsKey(way) || way.StartsWith("foreign", StringComparison.Ordinal) || way.EndsWith("of a namespace", StringComparison.Ordinal))
            await Way(way)(this, root, location);
        else
            Assert.Contains("a folder of its own", (await Assert.ThrowsAsync<TarnException>(() => Way(way)(this, root, location))).Message, StringComparison.Ordinal);
    }

    // Past the catalog, as versions that allowed more have left it.
    private async Task PutAsync(string warehouse, TableIdentifier name, string location, params (string Key, string Value)[] properties)
    {
        var metadata = Metadata(location, properties);
        await _log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.PutTable(name, metadata.TableUuid, await WriteAsync(metadata, location))]) { At = new CatalogAddress(warehouse, CatalogAddress.MainBranch) });
    }

    private async Task<TarnException> RefusalAsync(string way, ICatalog catalog, string location)
    {
        var refusal = await Assert.ThrowsAsync<TarnException>(() => Way(way)(this, catalog, location));
        Assert.True(refusal.Kind == ErrorKind.PermissionDenied, $"{way} to {location}: {refusal.Message}");
        if (way is "change view" or "foreign partition")
            await (way == "change view" ? catalog.DropViewAsync(s_new) : catalog.DropForeignTableAsync(s_new));
        return refusal;
    }

    private static Func<AuthorizedPlacesTests, ICatalog, string, Task> Way(string name) =>
        s_ways.GetValueOrDefault(name) ?? s_furtherWays.GetValueOrDefault(name) ?? s_namespaces[name];

    private async Task<ICatalog> AsAsync(Caller caller, string warehouse = "lake", AllowedLocations? allowed = null) =>
        (await new EmbeddedWarehouses(_catalogs, _access.Control, allowed ?? AllowedLocations.OfWarehouse).FindAsync(warehouse, new CatalogSession(caller)))!;

    private static async Task<FileRights> RightsAsync(ICatalog catalog, TableIdentifier table, string? elsewhere = null)
    {
        var metadata = (await catalog.LoadTableAsync(table))!.Metadata;
        var rights = await ((IDataAccess)catalog).FindFileRightsAsync(table, TableFolders.Of(metadata));
        Assert.All(rights.Folders, f => Assert.True(elsewhere is null || f.StartsWith(elsewhere, StringComparison.Ordinal)));
        return rights.Folders.Count == 0 ? rights with { Rights = DataRights.None } : rights;
    }

    private async Task<Caller> RootAsync() => (await _access.Control.FindAccessKeyAsync(RootKey)).Credential!.Caller;

    private async Task<Caller> AddUserAsync(string name, params string[] resources)
    {
        string list = string.Join(',', resources.Select(r => $"\"arn:tarn:catalog:::{r}\""));
        await _access.Administration.PutPolicyAsync(name, $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":[{{list}}]} }""");
        await _access.Administration.CreateUserAsync(new NewUser(name, Policies: [name]));
        return (await _access.Control.FindAccessKeyAsync((await _access.Administration.CreateKeyAsync(new KeyRequest(name))).Id)).Credential!.Caller;
    }

    private async Task<string> WriteAsync(TableMetadata metadata, string folder = "s3://lake/own/registered")
    {
        string location = $"{folder.TrimEnd('/')}/metadata/{Guid.NewGuid()}.metadata.json";
        await _store.PutAsync(location, TableMetadataJson.Write(metadata));
        return location;
    }

    private async Task<string> WriteAsync(ViewMetadata metadata, string folder = "s3://lake/own/registered")
    {
        string location = $"{folder.TrimEnd('/')}/metadata/{Guid.NewGuid()}.metadata.json";
        await _store.PutAsync(location, ViewMetadataJson.Write(metadata));
        return location;
    }

    private static TableMetadata Metadata(string location, params (string Key, string Value)[] properties) => TableMetadata.New(
        new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, location,
        properties.ToDictionary(p => p.Key, p => p.Value), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);

    private static Snapshot Snapshot(string manifestList) => new()
    {
        SnapshotId = 1, SequenceNumber = 1, TimestampMs = 4_000_000_000_000, ManifestList = manifestList, SchemaId = 0, Summary = s_none.Add("operation", "append"),
    };

    private static ViewMetadata View(string location) => new()
    {
        ViewUuid = Guid.NewGuid(), FormatVersion = 1, Location = location, CurrentVersionId = 1, VersionLog = [new ViewHistoryEntry(1, 1)],
        Schemas = [new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)])],
        Versions = [new ViewVersion { VersionId = 1, SchemaId = 0, TimestampMs = 1, DefaultNamespace = ["own"], Representations = [new ViewRepresentation("sql", "SELECT 1", "spark")] }],
    };

    private static async Task<TableHandle> CreateAsync(ICatalog catalog, TableIdentifier name, string? location, params (string Key, string Value)[] properties)
    {
        var updates = TableMetadataBuilder.CreationUpdates(Metadata(location ?? "s3://none", properties));
        return (await catalog.CommitAsync([new TableCommit(name, [new TableRequirement.AssertCreate()], [.. updates.Where(u => location is not null || u is not TableUpdate.SetLocation)])]))[0];
    }
}
