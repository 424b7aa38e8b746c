using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>What a purge deletes of what the metadata names.</summary>
public sealed class DroppedExpiryTests : IDisposable
{
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders"), s_forged = TableIdentifier.Of("sales", "forged");
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;
    private readonly EmbeddedCommitLog _log;
    private readonly EmbeddedCatalog _catalog;

    public DroppedExpiryTests()
    {
        _store = new LocalObjectStore(_folder.Path);
        _log = new EmbeddedCommitLog(_folder[".metastore"]);
        _catalog = new EmbeddedCatalog(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero });
    }

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
        var metadata = New(await _catalog.NewTableLocationAsync(s_orders));
        return (await _catalog.CommitAsync([new TableCommit(s_orders, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]))[0];
    }

    private static TableMetadata New(string location) => TableMetadata.New(
        new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, location,
        new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
}
