using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Local;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>Which files the end of a branch deletes of a table that it has, or had, in common with the branch it came from.</summary>
public sealed class SharedFilesTests : IAsyncLifetime, IDisposable
{
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders");
    private static readonly EmbeddedCatalogOptions s_options = new() { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero };
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;
    private readonly EmbeddedCommitLog _log;
    private readonly EmbeddedCatalogs _catalogs;
    private readonly AppendingClient _client;

    public SharedFilesTests()
    {
        _store = new LocalObjectStore(_folder.Path);
        _log = new EmbeddedCommitLog(_folder[".metastore"]);
        _catalogs = new EmbeddedCatalogs(_log, _store, s_options);
        _client = new AppendingClient(_store, new Random(7));
    }

    private EmbeddedCatalog Main => _catalogs.Default;

    private CatalogBranches Branches => _catalogs.Branches(CatalogAddress.DefaultWarehouse);

    public async Task InitializeAsync()
    {
        await Main.CreateNamespaceAsync(s_orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/orders",
            new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        await Main.CommitAsync([new TableCommit(s_orders, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]);
        await AppendAsync(Main);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _log.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    /// <summary>Main has taken over what a branch has made, by registering it, and has dropped it without purge: then it stays for good.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_OfABranchWhoseStateMainHasRegisteredAndDropped_LeavesItsFiles(bool isOver)
    {
        await Branches.CreateAsync("dev");
        var dev = Main.OnBranch("dev");
        var taken = await AppendAsync(dev);
        var present = await Main.LoadTableAsync(s_orders);
        if (!isOver)
            Assert.True(await Main.DropTableAsync(s_orders, purge: false));
        await Main.RegisterTableAsync(s_orders, taken.MetadataLocation, isOver ? present : null);
        var left = await FilesAsync(await AppendAsync(Main));
        var own = await AppendAsync(dev);
        Assert.True(await Main.DropTableAsync(s_orders, purge: false));
        await Branches.DeleteAsync("dev");
        await AssertThereAsync(left);
        Assert.Null(await _store.HeadAsync(own.Metadata.Snapshots[^1].ManifestList!));
    }

    /// <summary>So it does when the branch had dropped the table meanwhile, and gets it back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_OfABranchWithWhatCameBackAfterMainHadDroppedIt_LeavesItsFiles(bool isPurged)
    {
        var catalogs = new EmbeddedCatalogs(_log, _store, s_options with { Undrop = TimeSpan.FromDays(7) });
        await Branches.CreateAsync("dev");
        var dev = catalogs.Default.OnBranch("dev");
        var taken = await AppendAsync(dev);
        await Main.RegisterTableAsync(s_orders, taken.MetadataLocation, await Main.LoadTableAsync(s_orders));
        var left = await FilesAsync(await AppendAsync(Main));
        Assert.True(await dev.DropTableAsync(s_orders, isPurged));
        Assert.True(await Main.DropTableAsync(s_orders, purge: false));
        await dev.UndropAsync(s_orders);
        var own = await AppendAsync(dev);
        await Branches.DeleteAsync("dev");
        await AssertThereAsync(left);
        Assert.Null(await _store.HeadAsync(own.Metadata.Snapshots[^1].ManifestList!));
    }

    /// <summary>Clients that expire snapshots delete the manifest lists of the state that was common, while newer ones lead to the same manifests.</summary>
    [Fact]
    public async Task Delete_OfABranchWhereTheCommonManifestListIsGone_LeavesWhatWasThereBefore()
    {
        var common = (await Main.LoadTableAsync(s_orders))!;
        var left = await FilesAsync(common);
        Assert.True(await Main.DropTableAsync(s_orders, purge: false));
        await Branches.CreateAsync("dev");
        var dev = Main.OnBranch("dev");
        await dev.RegisterTableAsync(s_orders, common.MetadataLocation);
        var own = await AppendAsync(dev);
        string list = common.Metadata.Snapshots[^1].ManifestList!;
        await _store.DeleteAsync(list);
        await Branches.DeleteAsync("dev");
        await AssertThereAsync(left.Where(f => f != list));
        Assert.Null(await _store.HeadAsync(own.Metadata.Snapshots[^1].ManifestList!));
        Assert.Null(await _store.HeadAsync(own.MetadataLocation));
    }

    /// <summary>A run may end at any file: what a branch of the branch has in common with it is found as long as that is needed.</summary>
    [Fact]
    public async Task Expire_OfABranchAndItsBranch_BeginsWithTheYounger()
    {
        await Branches.CreateAsync("dev");
        var dev = Main.OnBranch("dev");
        var older = await AppendAsync(dev);
        await Branches.CreateAsync("feature", "dev");
        var feature = Main.OnBranch("feature");
        var younger = await AppendAsync(feature);
        // 1. Both are due at once, the one of the elder branch first by the log.
        Assert.True(await Main.DropTableAsync(s_orders, purge: false));
        var purge = new CatalogChange.DropTable(s_orders) { Retention = new Retention(DateTimeOffset.UnixEpoch, true) };
        await _log.AppendAsync(new CommitRequest("ada", [], [purge]) { At = dev.At });
        await _log.AppendAsync(new CommitRequest("ada", [], [purge]) { At = feature.At });
        var ending = new FaultInjectingObjectStore(_store, (operation, location) => operation == StoreOperation.Delete && location == older.MetadataLocation ? new StoreFault(ErrorKind.Unavailable, IsApplied: true) : null);
        var ended = await Assert.ThrowsAsync<TarnException>(() => new EmbeddedCatalog(_log, ending, s_options).ExpireDroppedAsync().AsTask());
        Assert.Equal(ErrorKind.Unavailable, ended.Kind);
        Assert.Null(await _store.HeadAsync(older.MetadataLocation));
        // 2. The next run goes on.
        await Main.ExpireDroppedAsync();
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.Null(await _store.HeadAsync(younger.MetadataLocation));
        Assert.Null(await _store.HeadAsync(younger.Metadata.Snapshots[^1].ManifestList!));
    }

    /// <summary>Spark drops, and deletes files afterwards, which may take long: until main's drop can be brought back no more, it may turn out to be a purge.</summary>
    [Fact]
    public async Task Expire_BetweenADropOnMainAndItsPurge_LosesNoPurgeOfABranch()
    {
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, s_options with { Undrop = TimeSpan.FromDays(7) }, time);
        await Branches.CreateAsync("dev");
        var dev = catalogs.Default.OnBranch("dev");
        var own = await AppendAsync(dev);
        Assert.True(await dev.DropTableAsync(s_orders, purge: true));
        time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, await catalogs.Default.ExpireDroppedAsync());
        Assert.True(await catalogs.Default.DropTableAsync(s_orders, purge: false));
        Assert.Equal(0, await catalogs.Default.ExpireDroppedAsync());
        await _log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.PurgeDropped((await _log.ReadAsync()).Dropped.Last().Key)]));
        time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(2, await catalogs.Default.ExpireDroppedAsync());
        Assert.Null(await _store.HeadAsync(own.Metadata.Snapshots[^1].ManifestList!));
    }

    [Fact]
    public async Task Expire_AfterADropOnMain_ForgetsWhatItHasKeptOfABranch()
    {
        var time = new ManualTimeProvider();
        var catalogs = new EmbeddedCatalogs(_log, _store, s_options with { Undrop = TimeSpan.FromDays(7) }, time);
        await Branches.CreateAsync("dev");
        var own = await AppendAsync(catalogs.Default.OnBranch("dev"));
        Assert.True(await catalogs.Default.OnBranch("dev").DropTableAsync(s_orders, purge: true));
        Assert.True(await catalogs.Default.DropTableAsync(s_orders, purge: false));
        time.Advance(TimeSpan.FromDays(8));
        await catalogs.Default.ExpireDroppedAsync();
        Assert.Empty((await _log.ReadAsync()).Dropped);
        Assert.NotNull(await _store.HeadAsync(own.Metadata.Snapshots[^1].ManifestList!));
    }

    private async Task<TableHandle> AppendAsync(EmbeddedCatalog catalog) =>
        (await catalog.CommitAsync([await _client.AppendAsync((await catalog.LoadTableAsync(s_orders))!, [5])]))[0];

    // The client writes no data files.
    private async Task<IReadOnlyCollection<string>> FilesAsync(TableHandle table)
    {
        var files = await ReachableFiles.FindAsync(_store, table.MetadataLocation, table.Metadata);
        foreach (string file in files)
        {
            if (await _store.HeadAsync(file) is null)
                await _store.PutAsync(file, "rows"u8.ToArray());
        }

        return files;
    }

    private Task AssertThereAsync(IEnumerable<string> files) => Assert.AllAsync(files, async f => Assert.NotNull(await _store.HeadAsync(f)));
}
