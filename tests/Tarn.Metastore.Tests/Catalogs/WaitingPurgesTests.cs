using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Local;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>What a store refuses of one table keeps that table's files alone, unless a table that stays is the one that cannot be read.</summary>
public sealed class WaitingPurgesTests : IDisposable
{
    private static readonly Namespace s_sales = Namespace.Of("sales");
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _local;
    private readonly EmbeddedCommitLog _log;
    private readonly EmbeddedCatalog _catalog;
    private readonly List<string> _unpurged = [];
    private Func<StoreOperation, string, StoreFault?> _refuse = (_, _) => null;

    public WaitingPurgesTests()
    {
        _local = new LocalObjectStore(_folder.Path);
        _log = new EmbeddedCommitLog(_folder[".metastore"]);
        var store = new FaultInjectingObjectStore(_local, (operation, location) => _refuse(operation, location));
        _catalog = new EmbeddedCatalog(_log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero, OnUnpurged = error => _unpurged.Add(error.Message) });
    }

    public void Dispose()
    {
        _log.Dispose();
        _local.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(StoreOperation.Read, ErrorKind.PermissionDenied)]
    [InlineData(StoreOperation.Read, ErrorKind.InvalidRequest)]
    [InlineData(StoreOperation.Delete, ErrorKind.PermissionDenied)]
    [InlineData(StoreOperation.Delete, ErrorKind.InvalidRequest)]
    [InlineData(StoreOperation.Delete, ErrorKind.NotFound)]
    public async Task Purge_StoreRefusesFilesOfOneTable_OthersGoAndItIsTriedAgain(StoreOperation operation, ErrorKind kind)
    {
        await _catalog.CreateNamespaceAsync(s_sales, ImmutableSortedDictionary<string, string>.Empty);
        var (locked, other) = (await AppendAsync(await CreateAsync("locked")), await AppendAsync(await CreateAsync("other")));
        string refused = locked.Metadata.Snapshots[0].ManifestList!;
        _refuse = (asked, location) => asked == operation && location == refused ? new StoreFault(kind) : null;
        Assert.True(await _catalog.DropTableAsync(locked.Identifier, purge: true));
        Assert.True(await _catalog.DropTableAsync(other.Identifier, purge: true));
        // 1. The other one is gone, and the one that is refused says so each time.
        Assert.Null(await _local.HeadAsync(other.MetadataLocation));
        Assert.NotNull(await _local.HeadAsync(locked.MetadataLocation));
        Assert.Equal(locked.Identifier, Assert.Single(await _catalog.ListDroppedAsync()).Value.Name);
        Assert.Equal(2, _unpurged.Count);
        Assert.Contains("purged table 'sales.locked' of 'lake'", _unpurged[1], StringComparison.Ordinal);
        Assert.Contains($"Injected fault: {operation} of '{refused}'", _unpurged[1], StringComparison.Ordinal);
        // 2. Nothing stands in its way any more.
        _refuse = (_, _) => null;
        Assert.Equal(1, await _catalog.ExpireDroppedAsync());
        Assert.Null(await _local.HeadAsync(refused));
        Assert.Null(await _local.HeadAsync(locked.MetadataLocation));
        Assert.Empty(await _catalog.ListDroppedAsync());
    }

    [Theory]
    [InlineData(ErrorKind.PermissionDenied)]
    [InlineData(ErrorKind.InvalidRequest)]
    public async Task Purge_StoreRefusesFilesOfATableThatStays_DeletesNothing(ErrorKind kind)
    {
        await _catalog.CreateNamespaceAsync(s_sales, ImmutableSortedDictionary<string, string>.Empty);
        var (stays, purged) = (await AppendAsync(await CreateAsync("stays")), await AppendAsync(await CreateAsync("purged")));
        string refused = stays.Metadata.Snapshots[0].ManifestList!;
        _refuse = (asked, location) => asked == StoreOperation.Read && location == refused ? new StoreFault(kind) : null;
        Assert.True(await _catalog.DropTableAsync(purged.Identifier, purge: true));
        Assert.Contains("Table 'sales.stays' of 'lake' cannot be read", Assert.Single(_unpurged), StringComparison.Ordinal);
        Assert.NotNull(await _local.HeadAsync(purged.Metadata.Snapshots[0].ManifestList!));
        _refuse = (_, _) => null;
        Assert.Equal(1, await _catalog.ExpireDroppedAsync());
        Assert.Null(await _local.HeadAsync(purged.MetadataLocation));
    }

    private Task<TableHandle> CreateAsync(string name) => NewTable.CreateAsync(_catalog, new TableIdentifier(s_sales, name));

    private async Task<TableHandle> AppendAsync(TableHandle table) => (await _catalog.CommitAsync([await new AppendingClient(_local, new Random(7)).AppendAsync(table, [1])]))[0];
}
