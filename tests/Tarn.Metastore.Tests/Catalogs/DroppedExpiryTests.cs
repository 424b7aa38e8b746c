using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Serialization;
using Tarn.Storage.Local;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>What a purge deletes of what the metadata names.</summary>
public sealed class DroppedExpiryTests : IDisposable
{
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders"), s_forged = TableIdentifier.Of("sales", "forged");
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;
    private readonly EmbeddedCommitLog _log;
    private readonly EmbeddedCatalog _catalog;
    private readonly List<string> _unpurged = [];

    public DroppedExpiryTests()
    {
        _store = new LocalObjectStore(_folder.Path);
        _log = new EmbeddedCommitLog(_folder[".metastore"]);
        _catalog = new EmbeddedCatalog(_log, _store, Options);
    }

    private EmbeddedCatalogOptions Options => new() { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero, OnUnpurged = error => _unpurged.Add(error.Message) };

    public void Dispose()
    {
        _log.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Purge_MetadataNamesFilesElsewhere_LeavesThem()
    {
        await CreateOrdersAsync();
        string[] foreign = ["s3://lake/elsewhere/a.parquet", "s3://lake/forged-2/metadata/1.metadata.json", "s3a://lake/elsewhere/b.parquet"];
        string[] own = ["s3://lake/forged/metadata/1.metadata.json", "s3a://lake/forged/metadata/2.metadata.json"];
        foreach (string file in (string[])[.. foreign, .. own])
            await _store.PutAsync(file, "x"u8.ToArray());
        await PurgeAsync("s3://lake/forged", [.. foreign, .. own]);
        await Assert.AllAsync(foreign, async f => Assert.NotNull(await _store.HeadAsync(f)));
        await Assert.AllAsync(own, async f => Assert.Null(await _store.HeadAsync(f)));
    }

    [Fact]
    public async Task Purge_FileOfAnotherTableByAnotherName_LeavesIt()
    {
        var orders = await CreateOrdersAsync();
        string other = orders.MetadataLocation.Replace("s3://", "s3a://", StringComparison.Ordinal);
        Assert.NotNull(await _store.HeadAsync(other));
        await PurgeAsync("s3://lake", [other]);
        Assert.NotNull(await _store.HeadAsync(orders.MetadataLocation));
    }

    /// <summary>Which files belong to a table has nothing to do with its partitions.</summary>
    [Fact]
    public async Task Purge_TableElsewhereWithAPartitionThatIsNotOfItsSpec_GoesOn()
    {
        await CreateOrdersAsync();
        var odd = await AppendAsync(await CreateAsync("odd"));
        string location = odd.MetadataLocation + "-odd.json";
        var spec = new PartitionSpec(0, [new PartitionField(1, 1000, "id", Transform.Identity)]);
        await _store.PutAsync(location, TableMetadataJson.Write(odd.Metadata with { PartitionSpecs = [spec], LastPartitionId = 1000 }));
        await _catalog.RegisterTableAsync(odd.Identifier, location, odd);
        Assert.True(await _catalog.DropTableAsync(s_orders, purge: true));
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.True(await _catalog.DropTableAsync(odd.Identifier, purge: true));
        Assert.Null(await _store.HeadAsync(odd.Metadata.Snapshots[0].ManifestList!));
    }

    [Fact]
    public async Task Purge_ManifestOfAnotherTableIsDamaged_WaitsAndGoesOnWithoutTheOther()
    {
        var orders = await CreateOrdersAsync();
        var broken = await AppendAsync(await CreateAsync("broken"));
        string list = broken.Metadata.Snapshots[0].ManifestList!;
        string manifest = ManifestListReader.Read(await _store.ReadAsync(list), list)[0].ManifestPath;
        await _store.DeleteAsync(manifest);
        await _store.PutAsync(manifest, "damaged"u8.ToArray());
        // 1. Nobody knows what the broken table needs: what was purged waits, and says why.
        Assert.True(await _catalog.DropTableAsync(s_orders, purge: true));
        Assert.Contains("Table 'sales.broken' of 'lake' cannot be read", Assert.Single(_unpurged), StringComparison.Ordinal);
        Assert.Contains(manifest, _unpurged[0], StringComparison.Ordinal);
        Assert.Equal(s_orders, Assert.Single(await _catalog.ListDroppedAsync()).Value.Name);
        Assert.NotNull(await _store.HeadAsync(orders.MetadataLocation));
        // 2. Once the broken table is purged itself, all others go on; it waits.
        Assert.True(await _catalog.DropTableAsync(broken.Identifier, purge: true));
        Assert.Null(await _store.HeadAsync(orders.MetadataLocation));
        Assert.Equal(broken.Identifier, Assert.Single(await _catalog.ListDroppedAsync()).Value.Name);
        await Assert.ThrowsAsync<TarnException>(async () => await _catalog.UndropAsync(broken.Identifier));
        var error = await Assert.ThrowsAsync<TarnException>(async () => await _catalog.ExpireDroppedAsync());
        Assert.Contains("purged table 'sales.broken' of 'lake'", error.Message, StringComparison.Ordinal);
        Assert.Contains(manifest, error.Message, StringComparison.Ordinal);
        // 3. Without the damaged file nothing is left to wait for.
        await _store.DeleteAsync(manifest);
        Assert.Equal(1, await _catalog.ExpireDroppedAsync());
        Assert.Null(await _store.HeadAsync(list));
        Assert.Empty(await _catalog.ListDroppedAsync());
    }

    /// <summary>Nothing can be brought back: then there is nothing to wait for.</summary>
    [Fact]
    public async Task MergeOrDelete_OfABranchThatPurged_DeletesTheFilesAtOnce()
    {
        var (orders, kept) = (await CreateOrdersAsync(), await CreateAsync("kept"));
        var catalogs = new EmbeddedCatalogs(_log, _store, Options);
        var branches = catalogs.Branches(CatalogAddress.DefaultWarehouse);
        await branches.CreateAsync("dev");
        var dev = catalogs.Default.OnBranch("dev");
        Assert.True(await dev.DropTableAsync(s_orders, purge: true));
        Assert.NotNull(await _store.HeadAsync(orders.MetadataLocation));
        await branches.MergeAsync("dev", "main");
        Assert.Null(await _store.HeadAsync(orders.MetadataLocation));
        var own = (await dev.CommitAsync([new TableCommit(kept.Identifier, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })])]))[0];
        await branches.DeleteAsync("dev");
        Assert.Null(await _store.HeadAsync(own.MetadataLocation));
        Assert.NotNull(await _store.HeadAsync(kept.MetadataLocation));
        Assert.Empty((await _log.ReadAsync()).Dropped);
    }

    /// <summary>Both are due in one run, which forgets what was not purged before it deletes.</summary>
    [Fact]
    public async Task Drop_WithoutPurgeAfterAPurgeAndARegistration_KeepsTheFilesForGood()
    {
        var time = new ManualTimeProvider();
        var catalog = new EmbeddedCatalog(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var orders = await AppendAsync(await CreateOrdersAsync());
        Assert.True(await catalog.DropTableAsync(s_orders, purge: true));
        await catalog.RegisterTableAsync(s_orders, orders.MetadataLocation);
        Assert.True(await catalog.DropTableAsync(s_orders, purge: false));
        time.Advance(TimeSpan.FromDays(365));
        Assert.Equal(2, await catalog.ExpireDroppedAsync());
        Assert.NotNull(await _store.HeadAsync(orders.MetadataLocation));
        Assert.NotNull(await _store.HeadAsync(orders.Metadata.Snapshots[0].ManifestList!));
        Assert.Empty((await _log.ReadAsync()).Dropped);
    }

    [Fact]
    public async Task Purge_OfATableThatHasMovedWithItsRows_DeletesTheFilesInItsFormerFoldersToo()
    {
        var before = await AppendAsync(await CreateOrdersAsync());
        await _catalog.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetLocation("s3://lake/elsewhere")])]);
        Assert.True(await _catalog.DropTableAsync(s_orders, purge: true));
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.Null(await _store.HeadAsync(before.Metadata.Snapshots[0].ManifestList!));
    }

    /// <summary>Whoever has purged something is sure that it goes, also where a branch has it for longer, and drops it without purge. Until then it can come back.</summary>
    [Theory]
    [InlineData("main", null)]
    [InlineData("main", "location")]
    [InlineData("dev", "location")]
    [InlineData("dev", "write.metadata.path")]
    [InlineData("main", "write.metadata.path")]
    public async Task Purge_OfATableThatABranchHas_WaitsForTheBranch(string branch, string? moved)
    {
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var orders = await AppendAsync(await CreateOrdersAsync());
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync("dev");
        TableUpdate change = moved == "location" ? new TableUpdate.SetLocation("s3://lake/elsewhere") : new TableUpdate.SetProperties(new Dictionary<string, string> { [moved ?? "k"] = "s3://lake/elsewhere" });
        await catalogs.Default.OnBranch(branch).CommitAsync([new TableCommit(s_orders, [], [change])]);
        string[] files = [orders.MetadataLocation, orders.Metadata.Snapshots[0].ManifestList!];
        Assert.True(await catalogs.Default.DropTableAsync(s_orders, purge: true));
        time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, await catalogs.Default.ExpireDroppedAsync());
        await catalogs.Default.UndropAsync(s_orders);
        Assert.True(await catalogs.Default.DropTableAsync(s_orders, purge: true));
        Assert.True(await catalogs.Default.OnBranch("dev").DropTableAsync(s_orders, purge: false));
        time.Advance(TimeSpan.FromDays(6));
        Assert.Equal(0, await catalogs.Default.ExpireDroppedAsync());
        await Assert.AllAsync(files, async f => Assert.NotNull(await _store.HeadAsync(f)));
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, await catalogs.Default.ExpireDroppedAsync());
        await Assert.AllAsync(files, async f => Assert.Null(await _store.HeadAsync(f)));
        Assert.Empty((await _log.ReadAsync()).Dropped);
    }

    /// <summary>It is the same table wherever it has moved: the last drop decides, and main's over those of branches.</summary>
    [Theory]
    [InlineData("dev", null)]
    [InlineData("main", null)]
    [InlineData("main", "write.metadata.path")]
    public async Task Drop_WithoutPurgeOfATableThatHadMovedWhenItWasPurged_KeepsTheFilesForGood(string branch, string? property)
    {
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var orders = await AppendAsync(await CreateOrdersAsync());
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync("dev");
        var purging = catalogs.Default.OnBranch(branch);
        TableUpdate change = property is null ? new TableUpdate.SetLocation("s3://lake/elsewhere") : new TableUpdate.SetProperties(new Dictionary<string, string> { [property] = "s3://lake/elsewhere" });
        await purging.CommitAsync([new TableCommit(s_orders, [], [change])]);
        Assert.True(await purging.DropTableAsync(s_orders, purge: true));
        if (branch == "main")
            await catalogs.Default.RegisterTableAsync(s_orders, orders.MetadataLocation);
        Assert.True(await catalogs.Default.DropTableAsync(s_orders, purge: false));
        if (branch == "main")
            Assert.True(await catalogs.Default.OnBranch("dev").DropTableAsync(s_orders, purge: false));
        time.Advance(TimeSpan.FromDays(8));
        await catalogs.Default.ExpireDroppedAsync();
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.NotNull(await _store.HeadAsync(orders.MetadataLocation));
        Assert.NotNull(await _store.HeadAsync(orders.Metadata.Snapshots[0].ManifestList!));
    }

    /// <summary>A branch that decided about main's files would delete what was dropped there without purge. What it has added itself goes.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Purge_OnABranchAfterMainsDrop_DeletesWhatTheBranchHasAdded(bool isDeleted)
    {
        var catalogs = new EmbeddedCatalogs(_log, _store, Options);
        var orders = await AppendAsync(await CreateOrdersAsync());
        var same = await CreateAsync("same");
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync("dev");
        var dev = catalogs.Default.OnBranch("dev");
        // Wherever the branch puts it, and whatever it calls it.
        await dev.RenameTableAsync(s_orders, s_forged);
        await dev.CommitAsync([new TableCommit(s_forged, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["write.metadata.path"] = "s3://lake/other" })])]);
        var added = (await dev.CommitAsync([await new AppendingClient(_store, new Random(8)).AppendAsync((await dev.LoadTableAsync(s_forged))!, [6])]))[0];
        foreach (var table in (TableIdentifier[])[s_orders, same.Identifier])
            Assert.True(await _catalog.DropTableAsync(table, purge: false));
        if (isDeleted)
        {
            await catalogs.Branches(CatalogAddress.DefaultWarehouse).DeleteAsync("dev");
        }
        else
        {
            Assert.True(await dev.DropTableAsync(s_forged, purge: true));
            Assert.True(await dev.DropTableAsync(same.Identifier, purge: true));
        }

        Assert.Empty((await _log.ReadAsync()).Dropped);
        string[] kept = [orders.MetadataLocation, orders.Metadata.Snapshots[0].ManifestList!, same.MetadataLocation], gone = [added.MetadataLocation, added.Metadata.Snapshots[^1].ManifestList!];
        await Assert.AllAsync(kept, async f => Assert.NotNull(await _store.HeadAsync(f)));
        await Assert.AllAsync(gone, async f => Assert.Null(await _store.HeadAsync(f)));
    }

    /// <summary>Main keeps its own state; nothing that main does later leads to what only the branch had.</summary>
    [Theory]
    [InlineData("back")]
    [InlineData("plain")]
    [InlineData("registered")]
    public async Task Drop_OnMainAfterABranchWasDeleted_LeavesThePurgeOfWhatTheBranchHasAdded(string then)
    {
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var orders = await AppendAsync(await CreateOrdersAsync());
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync("dev");
        var dev = catalogs.Default.OnBranch("dev");
        var first = (await dev.CommitAsync([await new AppendingClient(_store, new Random(8)).AppendAsync(orders, [6])]))[0];
        var second = (await dev.CommitAsync([await new AppendingClient(_store, new Random(9)).AppendAsync(first, [7])]))[0];
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).DeleteAsync("dev");
        Assert.True(await catalogs.Default.DropTableAsync(s_orders, purge: false));
        if (then == "back")
            await catalogs.Default.UndropAsync(s_orders);
        else if (then == "registered")
            await catalogs.Default.RegisterTableAsync(s_orders, first.MetadataLocation);
        time.Advance(TimeSpan.FromDays(8));
        await catalogs.Default.ExpireDroppedAsync();
        Assert.Empty((await _log.ReadAsync()).Dropped);
        bool[] there = await Task.WhenAll(new[] { orders, first, second }.Select(async t => await _store.HeadAsync(t.MetadataLocation) is not null && await _store.HeadAsync(t.Metadata.Snapshots[^1].ManifestList!) is not null));
        Assert.Equal([true, then == "registered", false], there);
    }

    /// <summary>Whoever registers a metadata file on a branch has not made what it leads to: neither a table of main that is younger than the branch, nor main's newer state of one that both had.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Delete_OfABranchWithWhatWasRegisteredThere_KeepsThat(bool isYounger, bool isReplaced)
    {
        var catalogs = new EmbeddedCatalogs(_log, _store, Options);
        if (isYounger)
            await _catalog.CreateNamespaceAsync(s_orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        else
            await CreateOrdersAsync();
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync("dev");
        var dev = catalogs.Default.OnBranch("dev");
        if (isYounger)
            await CreateAsync(s_orders.Name);
        var orders = await AppendAsync((await _catalog.LoadTableAsync(s_orders))!);
        if (!isYounger && !isReplaced)
            Assert.True(await dev.DropTableAsync(s_orders, purge: false));
        await dev.RegisterTableAsync(s_orders, orders.MetadataLocation, isReplaced ? await dev.LoadTableAsync(s_orders) : null);
        var added = (await dev.CommitAsync([await new AppendingClient(_store, new Random(8)).AppendAsync((await dev.LoadTableAsync(s_orders))!, [6])]))[0];
        Assert.True(await _catalog.DropTableAsync(s_orders, purge: false));
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).DeleteAsync("dev");
        Assert.Empty((await _log.ReadAsync()).Dropped);
        string[] kept = [orders.MetadataLocation, orders.Metadata.Snapshots[^1].ManifestList!], gone = [added.MetadataLocation, added.Metadata.Snapshots[^1].ManifestList!];
        await Assert.AllAsync(kept, async f => Assert.NotNull(await _store.HeadAsync(f)));
        await Assert.AllAsync(gone, async f => Assert.Null(await _store.HeadAsync(f)));
    }

    /// <summary>What comes back on a branch is what it was there before, and a table without a uuid the one that has its file.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_OfABranchWithWhatCameBackOrHasNoUuid_KeepsWhatItHadFromMain(bool comesBack)
    {
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var branches = catalogs.Branches(CatalogAddress.DefaultWarehouse);
        var orders = await AppendAsync(await CreateOrdersAsync());
        if (!comesBack)
            await _log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.DropTable(s_orders), new CatalogChange.PutTable(s_orders, null, orders.MetadataLocation)]));
        await branches.CreateAsync("dev");
        var dev = catalogs.Default.OnBranch("dev");
        if (comesBack)
            await dev.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })])]);
        else
            await dev.RenameTableAsync(s_orders, s_forged);
        Assert.True(await catalogs.Default.DropTableAsync(s_orders, purge: false));
        if (comesBack)
        {
            await branches.DeleteAsync("dev");
            await branches.CreateAsync("dev");
            await dev.UndropAsync(s_orders);
            var state = await _log.ReadAsync();
            Assert.Equal(StateJson.Write(state), StateJson.Write(StateJson.Read(StateJson.Write(state))));
            Assert.Equal([orders.MetadataLocation], StateJson.Read(StateJson.Write(state)).RequireCatalog(CatalogAddress.Default with { Branch = "dev" }).FindTable(s_orders)!.Common);
        }

        await ExpireAsync();
        await branches.DeleteAsync("dev");
        await ExpireAsync();
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.NotNull(await _store.HeadAsync(orders.MetadataLocation));
        Assert.NotNull(await _store.HeadAsync(orders.Metadata.Snapshots[0].ManifestList!));

        async Task ExpireAsync()
        {
            time.Advance(TimeSpan.FromDays(8));
            await catalogs.Default.ExpireDroppedAsync();
        }
    }

    /// <summary>What main shows is purged by its own drop, or by a merge, for which a purge on a branch waits as long as there is that branch.</summary>
    [Fact]
    public async Task Purge_OnABranchOfATableThatMainAndAnotherBranchHave_WaitsForTheMerge()
    {
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var orders = await CreateOrdersAsync();
        foreach (string branch in (string[])["dev", "other"])
            await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync(branch);
        Assert.True(await catalogs.Default.OnBranch("dev").DropTableAsync(s_orders, purge: true));
        time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, await catalogs.Default.ExpireDroppedAsync());
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).DeleteAsync("dev");
        Assert.Equal(1, await catalogs.Default.ExpireDroppedAsync());
        Assert.NotNull(await _store.HeadAsync(orders.MetadataLocation));
    }

    [Fact]
    public async Task Purge_OfATableThatHasMovedAndWasRegisteredAgain_LeavesInItsFormerFolderWhatIsAnothers()
    {
        var time = new ManualTimeProvider();
        var catalog = new EmbeddedCatalog(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var before = await AppendAsync(await CreateOrdersAsync());
        var moved = (await catalog.CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetLocation("s3://lake/elsewhere")])]))[0];
        Assert.True(await catalog.DropTableAsync(s_orders, purge: false));
        var other = await AppendAsync(await CreateAsync("other", before.Metadata.Location), seed: 8);
        await catalog.RegisterTableAsync(s_orders, moved.MetadataLocation);
        Assert.True(await catalog.DropTableAsync(s_orders, purge: true));
        time.Advance(TimeSpan.FromDays(365));
        await catalog.ExpireDroppedAsync();
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.Null(await _store.HeadAsync(moved.MetadataLocation));
        Assert.Null(await _store.HeadAsync(before.Metadata.Snapshots[0].ManifestList!));
        Assert.NotNull(await _store.HeadAsync(other.MetadataLocation));
        Assert.NotNull(await _store.HeadAsync(other.Metadata.Snapshots[0].ManifestList!));
    }

    /// <summary>A purge that counts no more deletes nothing, but a run that had looked before may: who wants the files is told until when to wait.</summary>
    [Fact]
    public async Task Register_OfWhatIsKeptWhileItsPurgeWaits_IsOpenAfterTheNextRun()
    {
        var catalogs = new EmbeddedCatalogs(_log, _store, Options);
        var orders = await AppendAsync(await CreateOrdersAsync());
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync("dev");
        var broken = await CreateAsync("broken");
        await _store.DeleteAsync(broken.MetadataLocation);
        // 1. The run has begun with what went with the branch, and waits because nobody knows what another table needs.
        var catalog = new EmbeddedCatalogs(_log, _store, Options).Default;
        await catalog.OnBranch("dev").CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })])]);
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).DeleteAsync("dev");
        var waiting = await Assert.ThrowsAsync<TarnException>(() => catalog.RegisterTableAsync(s_forged, orders.MetadataLocation).AsTask());
        Assert.Equal(ErrorKind.Unavailable, waiting.Kind);
        Assert.Contains("are being deleted,", waiting.Message, StringComparison.Ordinal);
        // 2. Main keeps the files.
        Assert.True(await catalog.DropTableAsync(s_orders, purge: false));
        Assert.False((await _log.ReadAsync()).Dropped.Values.Single(d => d.IsExpiring).Retention.IsPurged);
        var kept = await Assert.ThrowsAsync<TarnException>(() => catalog.RegisterTableAsync(s_orders, orders.MetadataLocation).AsTask());
        Assert.Equal(ErrorKind.Unavailable, kept.Kind);
        Assert.Contains("'tarn catalog expire' now", kept.Message, StringComparison.Ordinal);
        // 3. The next run ends that, though the other table is as broken as before.
        await catalog.ExpireDroppedAsync();
        await catalog.RegisterTableAsync(s_orders, orders.MetadataLocation);
        Assert.NotNull(await _store.HeadAsync(orders.Metadata.Snapshots[0].ManifestList!));
    }

    [Fact]
    public async Task Expire_OfWhatIsKeptWhileItRuns_ForgetsIt()
    {
        var orders = await AppendAsync(await CreateOrdersAsync());
        string manifests = orders.Metadata.Snapshots[0].ManifestList!;
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, Options with { Undrop = TimeSpan.FromDays(7) }, time);
        var other = catalogs.Default;
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).CreateAsync("dev");
        await other.OnBranch("dev").CommitAsync([new TableCommit(s_orders, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "v" })])]);
        await catalogs.Branches(CatalogAddress.DefaultWarehouse).DeleteAsync("dev");
        time.Advance(TimeSpan.FromDays(8));
        var log = new BegunLog(_log, () => other.DropTableAsync(s_orders, purge: false).AsTask());
        Assert.Equal(1, await new EmbeddedCatalog(log, _store, Options, time).ExpireDroppedAsync());
        Assert.False(Assert.Single((await _log.ReadAsync()).Dropped).Value.IsExpiring);
        await other.UndropAsync(s_orders);
        Assert.NotNull(await _store.HeadAsync(manifests));
    }

    /// <summary>Registers a table whose metadata log names some files, and purges it.</summary>
    private async Task PurgeAsync(string location, string[] named)
    {
        string metadataLocation = location + "/metadata/forged.metadata.json";
        await _store.PutAsync(metadataLocation, TableMetadataJson.Write(New(location) with { MetadataLog = [.. named.Select(n => new MetadataLogEntry(0, n))] }));
        // Past the catalog, which lets no table lie around another.
        await _log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.PutTable(s_forged, null, metadataLocation)]));
        Assert.True(await _catalog.DropTableAsync(s_forged, purge: true));
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.Null(await _store.HeadAsync(metadataLocation));
    }

    private async Task<TableHandle> CreateOrdersAsync()
    {
        await _catalog.CreateNamespaceAsync(s_orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        return await CreateAsync(s_orders.Name);
    }

    private async Task<TableHandle> CreateAsync(string name, string? location = null)
    {
        var table = new TableIdentifier(s_orders.Namespace, name);
        var metadata = New(location ?? await _catalog.NewTableLocationAsync(table));
        return (await _catalog.CommitAsync([new TableCommit(table, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]))[0];
    }

    private async Task<TableHandle> AppendAsync(TableHandle table, int seed = 7) =>
        (await _catalog.CommitAsync([await new AppendingClient(_store, new Random(seed)).AppendAsync(table, [5])]))[0];

    private static TableMetadata New(string location) => TableMetadata.New(
        new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, location,
        new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);

    /// <summary>A log after which something happens, once a run has begun with what was purged.</summary>
    private sealed class BegunLog(ICommitLog inner, Func<Task> begun) : ICommitLog
    {
        public ValueTask<LogState> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public async ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default)
        {
            var record = await inner.AppendAsync(request, cancellationToken);
            if (request.Changes.Any(c => c is CatalogChange.ExpireDropped))
                await begun();
            return record;
        }

        public IAsyncEnumerable<CommitRecord> ReadHistoryAsync(long fromNumber = 1, CancellationToken cancellationToken = default) => inner.ReadHistoryAsync(fromNumber, cancellationToken);
    }
}
