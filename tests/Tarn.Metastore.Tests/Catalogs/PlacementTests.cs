using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Memory;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>Who has files where, in a store with two warehouses and a branch.</summary>
public sealed class PlacementTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders"), s_raw = TableIdentifier.Of("sales", "raw");

    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _log;
    private readonly MemoryObjectStore _store = new();
    private readonly EmbeddedCatalogs _catalogs;

    public PlacementTests()
    {
        _log = new EmbeddedCommitLog(_folder.Path);
        _catalogs = new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task FindOwners_Folders_AreThoseWithFilesInThem()
    {
        string orders = (await CreateAsync(_catalogs.Default, s_orders)).Metadata.Location;
        var apart = TableIdentifier.Of("sales", "apart");
        await CreateAsync(_catalogs.Default, apart, ("write.data.path", "s3a://lake/elsewhere/apart/"));
        Assert.Equal([s_orders], await OwnersAsync(orders));
        Assert.Equal([s_orders], await OwnersAsync(orders + "/data/x"));
        Assert.Empty(await OwnersAsync(orders + "-x"));
        Assert.Empty(await OwnersAsync(orders[..^1]));
        Assert.Equal([apart], await OwnersAsync("s3://lake/elsewhere"));
        Assert.Equal([apart, s_orders], await OwnersAsync("s3://lake"));
    }

    /// <summary>In a store far away, one after the other takes long where many have a schema of their own.</summary>
    [Fact]
    public async Task CreateNamespace_InANewProcess_ReadsTheTablesOfSeveralNamespacesAtOnce()
    {
        foreach (string own in new[] { "ada", "bob" })
        {
            await _catalogs.Default.CreateNamespaceAsync(Namespace.Of(own), s_none);
            await CreateAsync(_catalogs.Default, TableIdentifier.Of(own, "t"));
        }

        using var reads = new Barrier(2);
        var haveMet = new ConcurrentBag<bool>();
        var store = new FaultInjectingObjectStore(_store, (operation, _) =>
        {
            // Whoever comes alone gives up in the end.
            if (operation == StoreOperation.Read)
                haveMet.Add(reads.SignalAndWait(TimeSpan.FromSeconds(20)));
            return null;
        });
        await new EmbeddedCatalogs(_log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }).Default.CreateNamespaceAsync(Namespace.Of("new"), s_none);
        Assert.Equal([true, true], haveMet);
    }

    [Fact]
    public async Task FindOwners_FoldersOfForeignTablesAndViews_AreFound()
    {
        await SalesAsync(_catalogs.Default);
        var partitions = s_none.Add("sd.location", "s3://lake/late/day=2");
        await _catalogs.Default.CommitForeignTableAsync(s_raw, null, new ForeignTable(s_none.Add("sd.location", "s3a://lake/raw/"), ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal).Add("day=2", partitions)));
        var view = new ViewMetadata
        {
            ViewUuid = Guid.NewGuid(), FormatVersion = 1, Location = "s3://lake/sales/v", CurrentVersionId = 1, VersionLog = [new ViewHistoryEntry(1, 1)],
            Schemas = [new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)])],
            Versions = [new ViewVersion { VersionId = 1, SchemaId = 0, TimestampMs = 1, DefaultNamespace = ["sales"], Representations = [new ViewRepresentation("sql", "SELECT 1", "spark")] }],
        };
        await _catalogs.Default.CommitViewAsync(TableIdentifier.Of("sales", "v"), null, view);
        Assert.Equal([s_raw], await OwnersAsync("s3://lake/raw/day=1"));
        Assert.Equal([s_raw], await OwnersAsync("s3://lake/late"));
        Assert.Empty(await OwnersAsync("s3://lake/rawer"));
        Assert.Equal([TableIdentifier.Of("sales", "v")], await OwnersAsync("s3://lake/sales/v/metadata"));
    }

    [Fact]
    public async Task FindOwners_WarehousesBranchesAndWhatWasDropped_AreLookedThrough()
    {
        string orders = (await CreateAsync(_catalogs.Default, s_orders)).Metadata.Location;
        await _catalogs.Branches("lake").CreateAsync("dev");
        await _catalogs.Warehouses.CreateAsync("other", "s3://other", s_none);
        string far = (await CreateAsync((await _catalogs.FindAsync("other"))!, s_orders)).Metadata.Location;
        Assert.Equal(["other"], (await FindAsync(far)).Select(o => o.At.ToString()));
        var both = await FindAsync(orders);
        Assert.Equal(["lake@dev", "lake"], both.Select(o => o.At.ToString()));
        Assert.Single(both.Select(o => o.Identity).Distinct());
        await _catalogs.Default.DropTableAsync(s_orders, purge: true);
        Assert.Equal([("lake@dev", false), ("lake", true)], (await FindAsync(orders)).Select(o => (o.At.ToString(), o.IsDropped)));
        await (await _catalogs.FindAsync("lake@dev"))!.UnregisterTableAsync(s_orders);
        Assert.Equal([("lake", true)], (await FindAsync(orders)).Select(o => (o.At.ToString(), o.IsDropped)));
    }

    [Fact]
    public async Task NamespacesIn_Folders_AreThoseThatLieInThem()
    {
        await SalesAsync(_catalogs.Default);
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("apart"), s_none.Add("location", "s3://lake/x/apart"));
        var placement = await _catalogs.Default.ReadPlacementAsync(default);
        Assert.Equal([Namespace.Of("sales")], placement.NamespacesIn("s3://lake/sales").Select(n => n.Name));
        Assert.Equal([Namespace.Of("apart")], placement.NamespacesIn("s3://lake/x").Select(n => n.Name));
        Assert.Equal([Namespace.Root, Namespace.Of("apart"), Namespace.Of("sales")], placement.NamespacesIn("s3://lake/").Select(n => n.Name));
        Assert.Empty(placement.NamespacesIn("s3://lake/sales/orders"));
        Assert.Empty(placement.NamespacesIn("s3://lake/sale"));
    }

    private async Task<IReadOnlyList<FolderOwner>> FindAsync(string folder) => await (await _catalogs.Default.ReadPlacementAsync(default)).FindOwnersAsync([folder], default);

    private async Task<IEnumerable<TableIdentifier>> OwnersAsync(string folder) => (await FindAsync(folder)).Select(o => o.Name);

    private static async Task SalesAsync(EmbeddedCatalog catalog)
    {
        if (await catalog.LoadNamespaceAsync(Namespace.Of("sales")) is null)
            await catalog.CreateNamespaceAsync(Namespace.Of("sales"), s_none);
    }

    private static async Task<TableHandle> CreateAsync(EmbeddedCatalog catalog, TableIdentifier name, params (string Key, string Value)[] properties)
    {
        await SalesAsync(catalog);
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, await catalog.NewTableLocationAsync(name),
            properties.ToDictionary(p => p.Key, p => p.Value), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        return (await catalog.CommitAsync([new TableCommit(name, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]))[0];
    }
}
