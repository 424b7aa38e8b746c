using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs.Committing;

/// <summary>A catalog on a disk in memory, and a table in it.</summary>
public abstract class CommittingTestBase : IDisposable
{
    private protected static readonly TableIdentifier Orders = TableIdentifier.Of("sales", "orders");
    private readonly PowerCutFileSystem _disk = new();
    private readonly List<EmbeddedCommitLog> _opened = [];

    protected CommittingTestBase()
    {
        Store = new LocalObjectStore("/srv/tarn-data", files: _disk);
        Client = new AppendingClient(Store, new Random(Soak.Seed));
        Catalog = Open();
    }

    private protected LocalObjectStore Store { get; }

    private protected AppendingClient Client { get; }

    /// <summary>One catalog: what is committed through it takes turns.</summary>
    private protected EmbeddedCatalog Catalog { get; }

    public void Dispose()
    {
        foreach (var log in _opened)
            log.Dispose();
        Store.Dispose();
    }

    /// <summary>The same catalog as another process would open it.</summary>
    private protected EmbeddedCatalog Open(string principal = "ada", TimeProvider? time = null)
    {
        var log = new EmbeddedCommitLog("/srv/tarn-data/.metastore", _disk);
        _opened.Add(log);
        return new EmbeddedCatalog(log, Store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = principal }, time);
    }

    private protected async Task<TableHandle> CreateAsync(int formatVersion = 2, TableIdentifier? name = null, IReadOnlyDictionary<string, string>? properties = null)
    {
        var table = name ?? Orders;
        if (await Catalog.LoadNamespaceAsync(table.Namespace) is null)
            await Catalog.CreateNamespaceAsync(table.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        return (await Catalog.CommitAsync([await CreationAsync(table, formatVersion, properties)]))[0];
    }

    private protected async Task<TableCommit> CreationAsync(TableIdentifier table, int formatVersion = 2, IReadOnlyDictionary<string, string>? properties = null)
    {
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
            await Catalog.NewTableLocationAsync(table), properties ?? new Dictionary<string, string>(), formatVersion, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        return new TableCommit(table, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata));
    }

    private protected async Task<TableHandle> LoadAsync(TableIdentifier? table = null) => (await Open().LoadTableAsync(table ?? Orders))!;

    private protected async Task<TableHandle> CommitAsync(TableCommit commit) => (await Catalog.CommitAsync([commit]))[0];

    private protected static TableCommit SetProperty(TableHandle table, string key, string value) =>
        new(table.Identifier, [new TableRequirement.AssertTableUuid(table.Metadata.TableUuid!.Value)], [new TableUpdate.SetProperties(new Dictionary<string, string> { [key] = value })]);

    private protected static Snapshot SnapshotOf(TableCommit commit) => commit.Updates.OfType<TableUpdate.AddSnapshot>().Last().Snapshot;

    /// <summary>The commit with its last snapshot changed.</summary>
    private protected static TableCommit With(TableCommit commit, Func<Snapshot, Snapshot> change) => commit with
    {
        Updates = [.. commit.Updates.Select(u => u is TableUpdate.AddSnapshot add ? new TableUpdate.AddSnapshot(change(add.Snapshot)) : u)],
    };

    private protected async Task<List<string>> FilesAsync(TableHandle table, string start)
    {
        var found = new List<string>();
        await foreach (var stat in Store.ListAsync($"{table.Metadata.Location}/metadata/{start}"))
            found.Add(stat.Location);
        return found;
    }
}
