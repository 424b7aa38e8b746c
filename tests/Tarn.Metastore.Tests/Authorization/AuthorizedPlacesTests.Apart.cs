using Tarn.Access.Administration;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Storage.Faults;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Authorization;

public sealed partial class AuthorizedPlacesTests
{
    /// <summary>A table where the catalog would put those of a namespace to come would get keys for them, and keep everybody else from making them.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Ways_WhereANamespaceCouldBe_TakeTheRightToMakeIt(string way)
    {
        var own = await AsAsync(await AddUserAsync("ada", "lake/own", "lake/own/mine", "lake/own/new", "lake/own/view", "lake/own/fine"));
        if (way.EndsWith("of a namespace", StringComparison.Ordinal))
            return;
        foreach (string location in new[] { "s3://lake/later", "s3://lake/later/x", "s3://lake/sales/later", "s3://lake/own/later" })
            await RefusalAsync(way, own, location);
        await Way(way)(this, own, "s3://lake/own/" + (way.Contains("set ", StringComparison.Ordinal) || way.Contains("register over", StringComparison.Ordinal) || way.Contains("register as", StringComparison.Ordinal) ? "mine" : "new") + "/deep");
    }

    [Fact]
    public async Task Create_TwoInOneFolderAtOnce_OneIsRefused()
    {
        for (int i = 0; i < 20; i++)
        {
            string folder = $"s3://lake/own/both{i}";
            var both = new[] { folder, folder + "/below" }.Select((location, n) => Task.Run(() => CreateAsync(_catalogs.Default, s_new with { Name = $"both{i}x{n}" }, location))).ToArray();
            await Task.WhenAll(both).ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.Equal(1, both.Count(b => b.IsCompletedSuccessfully));
        }
    }

    /// <summary>What one table keeps to itself must not keep all places from everybody; its own stays its own, and what else it has is known as soon as the file is given out.</summary>
    [Theory]
    [InlineData(ErrorKind.PermissionDenied)]
    [InlineData(ErrorKind.DataCorrupted)]
    public async Task Ways_WhileTheMetadataFileOfATableIsNotGivenOut_AreOpenElsewhere(ErrorKind kind)
    {
        await PutAsync("lake", s_orders with { Name = "apart" }, "s3://lake/sales/apart", ("write.data.path", "s3://lake/own/data"));
        string file = (await _catalogs.Default.LoadTableAsync(s_orders))!.MetadataLocation;
        var time = new ManualTimeProvider();
        bool isRefused = true;
        var store = new FaultInjectingObjectStore(_store, (operation, location) =>
            isRefused && operation == StoreOperation.Read && (location == file || location.StartsWith("s3://lake/sales/apart/", StringComparison.Ordinal)) ? new StoreFault(kind) : null);
        // Another process, which has not read the files yet.
        _catalogs = new EmbeddedCatalogs(_log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }, time);
        var warehouses = new EmbeddedWarehouses(_catalogs, _access.Control);
        var own = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        await own.CreateNamespaceAsync(Namespace.Of("own2"), s_none);
        await CreateAsync(own, s_new, null);
        await CreateAsync(own, s_raw, "s3://lake/own/raw");
        Assert.Contains("another table", (await RefusalAsync("create with a path", own, _orders)).Message, StringComparison.Ordinal);
        Assert.Contains("another table", (await RefusalAsync("create with a path", own, "s3://lake/sales/apart")).Message, StringComparison.Ordinal);
        await CreateAsync(own, s_raw with { Name = "data" }, null, ("write.data.path", "s3://lake/own/data"));
        object mark = await warehouses.ReadMarkAsync();
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(own, s_raw with { Name = "data" })).Rights);
        // Another look, after which what shares its files has no keys.
        isRefused = false;
        time.Advance(KnownFolders.UnreadableFor);
        Assert.NotSame(mark, mark = await warehouses.ReadMarkAsync());
        Assert.Equal(DataRights.None, (await RightsAsync(own, s_raw with { Name = "data" })).Rights);
        Assert.Contains("another table", (await RefusalAsync("create with a path", own, "s3://lake/own/data")).Message, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Same(mark, await warehouses.ReadMarkAsync());
    }

    /// <summary>A file of metadata may lie in a folder of many, which is nobody's then.</summary>
    [Theory]
    [InlineData("s3://lake")]
    [InlineData("s3://lake/own")]
    public async Task Create_BelowTheMetadataFileOfATable_IsTaken(string folder)
    {
        await _catalogs.Default.RegisterTableAsync(s_raw, await WriteAsync(Metadata("s3://lake/far/raw"), folder));
        await CreateAsync(_catalogs.Default, s_new, null);
        await CreateAsync(_catalogs.Default, s_new with { Name = "named" }, "s3://lake/own/named");
    }

    /// <summary>The table and view that are replaced were looked at; a file that somebody wrote over theirs since may name any place.</summary>
    [Fact]
    public async Task Register_OfThePresentFileWrittenAnewSince_IsAConflict()
    {
        var caller = await AddUserAsync("ada", "lake/own*");
        var ada = await AsAsync(caller);
        var table = (await ada.LoadTableAsync(s_mine))!;
        var view = await ada.CommitViewAsync(s_new, null, View("s3://lake/own/view"));
        foreach (string location in new[] { table.MetadataLocation, view.MetadataLocation })
            await _store.DeleteAsync(location);
        await _store.PutAsync(table.MetadataLocation, TableMetadataJson.Write(table.Metadata with { Location = Outside }));
        await _store.PutAsync(view.MetadataLocation, ViewMetadataJson.Write(view.Metadata with { Location = Outside }));
        // Another process, which has not read the files yet.
        _catalogs = new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
        var other = await AsAsync(caller);
        Assert.Contains("written anew", (await Assert.ThrowsAsync<CommitConflictException>(() => other.RegisterTableAsync(s_mine, table.MetadataLocation, table).AsTask())).Message, StringComparison.Ordinal);
        Assert.Contains("written anew", (await Assert.ThrowsAsync<CommitConflictException>(() => other.RegisterViewAsync(s_new, view.MetadataLocation, view).AsTask())).Message, StringComparison.Ordinal);
    }

    // A place that the catalog draws is shared with nobody, not even by whoever may have all.
    [Fact]
    public async Task Create_AtADrawnPlaceInsideOfATable_IsRefusedForEverybody()
    {
        var later = TableIdentifier.Of("later", "new");
        await _catalogs.Default.CreateNamespaceAsync(later.Namespace, s_none);
        await PutAsync("lake", s_orders with { Name = "roof" }, "s3://lake/later");
        foreach (ICatalog catalog in new[] { await AsAsync(await RootAsync()), await AsAsync(await AddUserAsync("ada", "lake/later*")), _catalogs.Default })
        {
            var refusal = await Assert.ThrowsAsync<TarnException>(() => CreateAsync(catalog, later, null));
            Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
            Assert.Contains("where the catalog itself chose it, give the namespace another one", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CreateNamespace_InTheFolderOfATable_IsToldWithTheWayOut()
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        var nested = Namespace.Of("own", "raw");
        foreach (var catalog in new[] { await AsAsync(await RootAsync()), new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }).Default })
        {
            foreach (var refused in new Func<Task>[] { () => catalog.CreateNamespaceAsync(nested, s_none).AsTask(), async () => await CreateAsync((await catalog.CreatingAsync(nested))!, new TableIdentifier(nested, "x"), null) })
            {
                var refusal = await Assert.ThrowsAsync<TarnException>(refused);
                Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
                Assert.Contains("in the folder of table 'own.raw' of 'lake'", refusal.Message, StringComparison.Ordinal);
                Assert.Contains("its property 'location'", refusal.Message, StringComparison.Ordinal);
            }

            Assert.Contains("in the folder of table", (await Assert.ThrowsAsync<TarnException>(() => catalog.UpdateNamespaceAsync(Namespace.Of("sales"), s_none.Add("location", "s3://lake/own/raw/deep"), []).AsTask())).Message, StringComparison.Ordinal);
        }

        await _catalogs.Default.CreateNamespaceAsync(nested, s_none.Add("location", "s3://lake/own/raws"));
        await CreateAsync(_catalogs.Default, new TableIdentifier(nested, "x"), null);
        // One that lies so from before has its properties changed, and says that it is there.
        await _log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.PutNamespace(nested, s_none)]));
        await _catalogs.Default.UpdateNamespaceAsync(nested, s_none.Add("k", "v"), []);
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<TarnException>(() => _catalogs.Default.CreateNamespaceAsync(nested, s_none).AsTask())).Kind);
    }

    /// <summary>A table there would close the namespace for everybody, its owner included.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Ways_AtTheFolderOfANamespaceOrAboveIt_AreRefusedForEverybody(string way)
    {
        // What takes no keys, and folders for data that tables share, stay with the rights.
        if (way.Contains("foreign", StringComparison.Ordinal) || way.Contains("path", StringComparison.Ordinal) || way.Contains("namespace", StringComparison.Ordinal) || way == "change view")
            return;
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("own", "deep"), s_none);
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("apart"), s_none.Add("location", "s3://lake/x/apart"));
        var root = await AsAsync(await RootAsync());
        foreach (var (location, what) in new[] { ("s3://lake/own/deep", "namespace 'own.deep' of 'lake'"), ("s3a://lake/x/", "namespace 'apart' of 'lake'"), ("s3://lake/x/apart", "namespace 'apart' of 'lake'"), ("s3://lake", "warehouse 'lake'") })
        {
            var refusal = await Assert.ThrowsAsync<TarnException>(() => Way(way)(this, root, location));
            Assert.Equal((ErrorKind.InvalidRequest, true), (refusal.Kind, refusal.Message.Contains($"is the folder that tables of {what} go to", StringComparison.Ordinal)));
        }

        Assert.Contains("is the folder that tables of", (await Assert.ThrowsAsync<TarnException>(() => Way(way)(this, root, "s3://lake/own"))).Message, StringComparison.Ordinal);
        await Way(way)(this, root, "s3://lake/x/apart/below");
    }

    [Theory]
    [InlineData("s3://lake/own")]
    [InlineData("s3://lake/sales/orders")]
    [InlineData("s3://lake/far/deep")]
    [InlineData("s3://lake")]
    public async Task Stage_WhereNoTableCanBeMade_IsRefusedAtOnce(string location)
    {
        await _catalogs.Warehouses.CreateAsync("other", "s3://lake/far", s_none);
        await CreateAsync(_catalogs.Default, s_orders with { Name = "named" }, "s3://lake/sales/orders");
        var root = await AsAsync(await RootAsync());
        Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => ((IDataAccess)root).RequireCreationAsync(s_new, Metadata(location)).AsTask())).Kind);
    }

    [Fact]
    public async Task Namespaces_InAtOrAboveAnotherWarehouse_AreRefused()
    {
        await _catalogs.Warehouses.CreateAsync("research", "s3://lake/warehouses/research", s_none);
        var research = await AsAsync(await RootAsync(), "research");
        await research.CreateNamespaceAsync(Namespace.Of("lab"), s_none);
        await CreateAsync(research, TableIdentifier.Of("lab", "t"), null);
        foreach (var catalog in new[] { await AsAsync(await RootAsync()), await AsAsync(await AddUserAsync("dan", "lake/*", "lake")) })
            await RefusedAsync(() => catalog.CreateNamespaceAsync(Namespace.Of("warehouses"), s_none).AsTask(), ErrorKind.InvalidRequest);

        var dan = await AsAsync((await _access.Control.FindAccessKeyAsync((await _access.Administration.CreateKeyAsync(new KeyRequest("dan"))).Id)).Credential!.Caller);
        var root = await AsAsync(await RootAsync());
        foreach (string location in new[] { "s3://lake/warehouses/research", "s3a://lake/warehouses/research/lab/", "s3://lake/warehouses/research/new" })
        {
            var at = s_none.Add("location", location);
            await RefusedAsync(() => dan.CreateNamespaceAsync(Namespace.Of("dn1"), at).AsTask(), ErrorKind.PermissionDenied);
            await RefusedAsync(() => root.CreateNamespaceAsync(Namespace.Of("dn1"), at).AsTask(), ErrorKind.InvalidRequest);
            await RefusedAsync(() => root.UpdateNamespaceAsync(Namespace.Of("own"), at, []).AsTask(), ErrorKind.InvalidRequest);
        }

        // Its own root stays open to a namespace, as Hive's clients have it.
        await root.CreateNamespaceAsync(Namespace.Of("default"), s_none.Add("location", "s3://lake"));

        static async Task RefusedAsync(Func<Task> change, ErrorKind kind)
        {
            var refusal = await Assert.ThrowsAsync<TarnException>(change);
            Assert.Equal((kind, true), (refusal.Kind, refusal.Message.Contains(kind == ErrorKind.InvalidRequest ? "the location of another warehouse" : "research", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Namespace_InAnotherWarehouseFromBefore_IsReadAndTakesNoMore()
    {
        var old = new TableIdentifier(Namespace.Of("old"), "t");
        await _catalogs.Default.CreateNamespaceAsync(old.Namespace, s_none.Add("location", "s3://lake/later"));
        var made = await CreateAsync(_catalogs.Default, old, null);
        await _log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.PutWarehouse("s3://lake/later", s_none)]) { At = new CatalogAddress("later", CatalogAddress.MainBranch) });
        var root = await AsAsync(await RootAsync());
        Assert.Equal(made.MetadataLocation, (await root.LoadTableAsync(old))!.MetadataLocation);
        await root.CommitAsync([new TableCommit(old, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })])]);
        Assert.Contains("of another warehouse", (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(root, old with { Name = "more" }, null))).Message, StringComparison.Ordinal);
        await root.UpdateNamespaceAsync(old.Namespace, s_none.Add("location", "s3://lake/old"), []);
        await CreateAsync(root, old with { Name = "more" }, null);
    }

    [Theory]
    [InlineData("s3://lake/sales", "namespace 'sales' of 'lake'")]
    [InlineData("s3://lake/own/deep", "namespace 'own' of 'lake'")]
    [InlineData("s3a://lake/x/", "namespace 'apart' of 'lake'")]
    [InlineData("s3://lake", "warehouse 'lake'")]
    [InlineData("s3://lake/far/deep", "warehouse 'other'")]
    [InlineData("s3://lake/named/deep", "'own.named' of 'lake'")]
    [InlineData("s3://lake/gone", "'own.gone' of 'lake', which was dropped")]
    public async Task CreateWarehouse_WhereAnythingOfAnotherOneLies_IsRefused(string location, string what)
    {
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("apart"), s_none.Add("location", "s3://lake/x/apart"));
        await _catalogs.Warehouses.CreateAsync("other", "s3://lake/far", s_none);
        await CreateAsync(_catalogs.Default, s_new with { Name = "named" }, "s3://lake/named");
        await CreateAsync(_catalogs.Default, s_new with { Name = "gone" }, "s3://lake/gone/deep");
        await _catalogs.Default.DropTableAsync(s_new with { Name = "gone" }, purge: false);
        var refusal = await Assert.ThrowsAsync<TarnException>(() => _catalogs.Warehouses.CreateAsync("research", location, s_none).AsTask());
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<TarnException>(() => _catalogs.Warehouses.CreateAsync("other", location, s_none).AsTask())).Kind);
        await _catalogs.Warehouses.CreateAsync("research", "s3://lake/warehouses/research", s_none);
    }

    /// <summary>A table that lay at the folder of a namespace leaves its files there, and not the whole folder.</summary>
    [Fact]
    public async Task Create_WhereATableThatTookTheNamespaceWasDropped_IsOpenBesideItsFiles()
    {
        var roof = s_raw with { Name = "roof" };
        await PutAsync("lake", roof, "s3://lake/own");
        await _catalogs.Default.DropTableAsync(roof, purge: false);
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/new", "lake/own/eve"));
        await CreateAsync(eve, s_new, null);
        var named = s_new with { Name = "eve" };
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(eve, named, "s3://lake/own/metadata"))).Kind);
        await CreateAsync(eve, named, "s3://lake/own/eve/deep");
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(eve, named)).Rights);
    }

    /// <summary>A client that always names <c>DATABASE/TABLE</c> has made the table anew, and the old one is wanted back.</summary>
    [Fact]
    public async Task Undrop_WhereAnotherTableLiesNow_TakesTheRightsOnThat()
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Default.DropTableAsync(s_raw, purge: false);
        await CreateAsync(_catalogs.Default, s_new, "s3://lake/own/raw");
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/raw"));
        Assert.Contains("another table or view has files by now", (await Assert.ThrowsAsync<TarnException>(() => eve.UndropTableAsync(s_raw, s_raw).AsTask())).Message, StringComparison.Ordinal);
        await (await AsAsync(await AddUserAsync("ada", "lake/own*"))).UndropTableAsync(s_raw, s_raw);
        Assert.Equal(DataRights.None, (await RightsAsync(eve, s_raw)).Rights);
    }

    [Fact]
    public async Task Register_WhereATableThatWasRenamedLies_TakesTheRightsOnThat()
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Default.RenameTableAsync(s_raw, s_new);
        string anew = await WriteAsync(Metadata("s3://lake/own/raw"), "s3://lake/own/raw");
        var (eve, ada) = (await AsAsync(await AddUserAsync("eve", "lake/own/raw")), await AsAsync(await AddUserAsync("ada", "lake/own*")));
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => eve.RegisterTableAsync(s_raw, anew).AsTask())).Kind);
        await ada.RegisterTableAsync(s_raw, anew);
        Assert.Equal((DataRights.None, DataRights.Read | DataRights.Write), ((await RightsAsync(eve, s_raw)).Rights, (await RightsAsync(ada, s_raw)).Rights));
        // As little as she gets keys does she name what may be the other's for her own: its snapshots, or the whole of it.
        var other = (await _catalogs.Default.LoadTableAsync(s_new))!;
        await DeniedAsync(eve, c => c.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.AddSnapshot(Snapshot("s3://lake/own/raw/metadata/theirs.avro"))])]).AsTask());
        await DeniedAsync(eve, async c => await c.RegisterTableAsync(s_raw, other.MetadataLocation, await c.LoadTableAsync(s_raw)));
        await ada.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.AddSnapshot(Snapshot("s3://lake/own/raw/metadata/theirs.avro"))])]);
        // One that is made here chooses, and is told whose folder it was about to share.
        var refusal = await Assert.ThrowsAsync<TarnException>(() => CreateAsync(ada, s_raw with { Name = "third" }, "s3://lake/own/raw"));
        Assert.Contains("has files of 'own.", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing else is made in a folder that the catalog has drawn; what comes with its files may lie there all the same.</summary>
    [Theory]
    [InlineData("there")]
    [InlineData("below")]
    [InlineData("above")]
    [InlineData("metadata")]
    [InlineData("before")]
    [InlineData("dropped")]
    [InlineData("nobody")]
    public async Task Commit_InADrawnFolder_NamesFilesThereUnlessAnotherTableHasSomeToo(string where)
    {
        string drawn = (await _catalogs.Default.LoadTableAsync(s_mine))!.Metadata.Location, place = where switch { "below" => drawn + "/deep", "above" => "s3://lake/own", _ => drawn };
        var elsewhere = ("write.metadata.path", drawn + "/of-another");
        string theirs = where switch { "below" => place + "/metadata", "metadata" => elsewhere.Item2, _ => drawn + "/metadata" } + "/theirs.avro";
        if (where == "above")
            await PutAsync("lake", s_raw, place);
        else if (where != "nobody")
            await _catalogs.Default.RegisterTableAsync(s_raw, where == "metadata" ? await WriteAsync(Metadata("s3://lake/own/raw", elsewhere), elsewhere.Item2) : await WriteAsync(Metadata(place), place));
        if (where == "before")
        {
            await AppendAsync(s_raw);
            await _catalogs.Default.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetLocation("s3://lake/own/raw")])]);
        }
        else if (where == "dropped")
        {
            await _catalogs.Default.DropTableAsync(s_raw, purge: false);
        }

        var (eve, ada) = (await AsAsync(await AddUserAsync("eve", "lake/own/mine")), await AsAsync(await AddUserAsync("ada", "lake/own*")));
        if (where == "nobody")
            await NameAsync(eve);
        else
            await DeniedAsync(eve, NameAsync);
        Assert.Equal(where == "nobody" ? AllRights : DataRights.None, (await RightsAsync(eve, s_mine)).Rights);
        if (where != "nobody")
            await NameAsync(ada);

        Task NameAsync(ICatalog catalog) => catalog.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.AddSnapshot(Snapshot(theirs))])]).AsTask();
    }

    /// <summary>Where every append asks, a namespace full of tables costs no file.</summary>
    [Fact]
    public async Task Commit_InADrawnFolder_ReadsNoOtherTable()
    {
        var reads = new List<string>();
        var store = new FaultInjectingObjectStore(_store, (operation, location) =>
        {
            if (operation == StoreOperation.Read)
                reads.Add(location);
            return null;
        });
        // Another process, which has not read the files yet.
        _catalogs = new EmbeddedCatalogs(_log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
        var mine = (await _catalogs.Default.LoadTableAsync(s_mine))!;
        await (await AsAsync(await AddUserAsync("ada", "lake/own*"))).CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.AddSnapshot(Snapshot(mine.Metadata.Location + "/metadata/x.avro"))])]);
        Assert.DoesNotContain(reads, f => f.EndsWith(".metadata.json", StringComparison.Ordinal) && f != mine.MetadataLocation);
    }

    /// <summary>A client that is told of a refusal deletes the files of its commit.</summary>
    [Fact]
    public async Task Commit_RepeatedWhereAnotherTableLiesNow_IsToldThatItStands()
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/raw"));
        var commit = await new AppendingClient(_store, new Random(7)).AppendAsync((await eve.LoadTableAsync(s_raw))!, [5]);
        var stands = (await eve.CommitAsync([commit]))[0];
        await _catalogs.Default.RegisterTableAsync(s_new, await WriteAsync(Metadata("s3://lake/own/raw"), "s3://lake/own/raw"));
        Assert.Equal(DataRights.None, (await RightsAsync(eve, s_raw)).Rights);
        Assert.Equal(stands.Metadata.CurrentSnapshotId, (await eve.CommitAsync([commit]))[0].Metadata.CurrentSnapshotId);
        // With the id of a snapshot that is there, and may be gone when the commit comes to the table, she names nobody's list either.
        var snapshot = commit.Updates.OfType<TableUpdate.AddSnapshot>().Single().Snapshot;
        await Assert.ThrowsAsync<CommitConflictException>(() => eve.CommitAsync([commit with { Updates = [new TableUpdate.AddSnapshot(snapshot with { ManifestList = "s3://lake/own/raw/metadata/theirs.avro" })] }]).AsTask());
        await DeniedAsync(eve, async c => await c.CommitAsync([await new AppendingClient(_store, new Random(8)).AppendAsync(stands, [6])]));
    }
}
