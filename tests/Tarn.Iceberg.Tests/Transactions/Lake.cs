using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;
using Tarn.Storage.Memory;
using Tarn.Testing.Catalogs;

namespace Tarn.Iceberg.Tests.Transactions;

/// <summary>A catalog and a store in memory with one table <c>ns.t</c>.</summary>
internal sealed class Lake : IDisposable
{
    public static readonly TableIdentifier Name = TableIdentifier.Of("ns", "t");

    public static readonly PartitionSpec ByRegion = new(0, [new PartitionField(2, 1000, "region", Transform.Identity)]);

    public static readonly Schema Columns = new(0, [new NestedField(1, "id", true, SimpleType.Long), new NestedField(2, "region", false, SimpleType.String)]);

    private Lake(int seed)
    {
        Catalog = new MemoryCatalog(Store);
        Context = new TransactionContext(Catalog, Store) { Random = new Random(seed), Engine = ("", "") };
    }

    public MemoryObjectStore Store { get; } = new();

    public MemoryCatalog Catalog { get; }

    public TransactionContext Context { get; }

    /// <summary>A lake with a namespace and no table.</summary>
    public static async Task<Lake> EmptyAsync(int seed = 1)
    {
        var lake = new Lake(seed);
        await lake.Catalog.CreateNamespaceAsync(Namespace.Of("ns"), ImmutableSortedDictionary<string, string>.Empty);
        return lake;
    }

    public static async Task<Lake> WithTableAsync(int formatVersion = 2, PartitionSpec? spec = null, Dictionary<string, string>? properties = null)
    {
        var lake = await EmptyAsync();
        var metadata = TableMetadata.New(
            Columns, spec ?? PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/ns/t", properties ?? [], formatVersion, Guid.NewGuid(), TestTable.Now);
        await Transaction.Create(lake.Context, Name, metadata).CommitAsync();
        return lake;
    }

    /// <summary>A data file with ids in a range, so that filters on <c>id</c> can be strict.</summary>
    public static DataFile File(string name, long rows = 10, string? region = null, long firstId = 0, bool partitioned = false) => new()
    {
        FilePath = $"s3://lake/ns/t/data/{name}.parquet",
        Format = FileFormat.Parquet,
        RecordCount = rows,
        FileSizeInBytes = rows * 100,
        Partition = partitioned || region is not null ? [region] : [],
        ValueCounts = new Dictionary<int, long> { [1] = rows },
        NullValueCounts = new Dictionary<int, long> { [1] = 0 },
        LowerBounds = new Dictionary<int, byte[]> { [1] = BinarySingleValue.Serialize(SimpleType.Long, firstId) },
        UpperBounds = new Dictionary<int, byte[]> { [1] = BinarySingleValue.Serialize(SimpleType.Long, firstId + rows - 1) },
    };

    public async Task<TableHandle> TableAsync() => (await Catalog.LoadTableAsync(Name))!;

    public async Task<TableMetadata> CommitAsync(params PendingUpdate[] updates)
    {
        var transaction = new Transaction(Context, await TableAsync());
        foreach (var update in updates)
            transaction.Add(update);
        return (await transaction.CommitAsync()).Metadata;
    }

    public async Task<IReadOnlyList<ManifestFile>> ManifestsAsync(Snapshot snapshot) =>
        ManifestListReader.Read(await Store.ReadAsync(snapshot.ManifestList!), snapshot.ManifestList!);

    public async Task<List<ManifestEntry>> EntriesAsync(TableMetadata table, Snapshot? snapshot = null)
    {
        List<ManifestEntry> entries = [];
        foreach (var manifest in await ManifestsAsync(snapshot ?? table.CurrentSnapshot!))
            entries.AddRange(ManifestReader.Read(await Store.ReadAsync(manifest.ManifestPath), manifest, table.PartitionType(table.Spec(manifest.PartitionSpecId))));
        return entries;
    }

    public async Task<string[]> LiveAsync(TableMetadata table, string branch = "main") =>
        [.. (await EntriesAsync(table, table.Head(branch))).Where(e => e.IsLive).Select(e => Path.GetFileNameWithoutExtension(e.DataFile.FilePath)).Order(StringComparer.Ordinal)];

    public async Task<string[]> ObjectsAsync(string folder = "metadata/")
    {
        List<string> names = [];
        await foreach (var stat in Store.ListAsync("s3://lake/ns/t/" + folder))
            names.Add(stat.Location[(stat.Location.LastIndexOf('/') + 1)..]);
        return [.. names.Where(n => n.EndsWith(".avro", StringComparison.Ordinal))];
    }

    public void Dispose() => Store.Dispose();
}
