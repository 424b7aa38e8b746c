using System.Collections.Immutable;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;

namespace Tarn.Benchmarks.Commits;

/// <summary>A table with a past: many snapshots in its metadata, many manifests in its head. And appends to it, as clients bring them.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="store">Its store.</param>
/// <param name="name">Name of the table; its namespace exists.</param>
internal sealed class SeededTable(ICatalog catalog, IObjectStore store, TableIdentifier name)
{

    /// <summary>The table as it was seeded.</summary>
    public TableHandle Handle { get; private set; } = null!;

    /// <summary>The name of a table that is the only one.</summary>
    public static TableIdentifier Identifier { get; } = TableIdentifier.Of("bench", "events");

    /// <summary>Creates the table in one commit.</summary>
    public async Task CreateAsync(int snapshots, int manifests)
    {
        var schema = new Schema(0, [new NestedField(1, "id", true, SimpleType.Long), new NestedField(2, "time", false, SimpleType.Timestamp), new NestedField(3, "text", false, SimpleType.String)]);
        // Old metadata files go, as they must on a table that is written to all the time.
        var properties = new Dictionary<string, string> { ["write.metadata.previous-versions-max"] = "10", ["write.metadata.delete-after-commit.enabled"] = "true" };
        var metadata = TableMetadata.New(
            schema, PartitionSpec.Unpartitioned, SortOrder.Unsorted, await catalog.NewTableLocationAsync(name).ConfigureAwait(false), properties, 2, Guid.NewGuid(), DateTimeOffset.UtcNow);
        var updates = TableMetadataBuilder.CreationUpdates(metadata).ToList();
        Snapshot? parent = null;
        for (int i = 1; i <= snapshots; i++)
        {
            parent = Snapshot(metadata, parent, i, $"{metadata.Location}/metadata/snap-{i}-1-{Guid.NewGuid()}.avro");
            updates.Add(new TableUpdate.AddSnapshot(parent));
            updates.Add(new TableUpdate.SetSnapshotRef("main", new SnapshotRef(parent.SnapshotId, SnapshotRefType.Branch)));
        }

        var list = ManifestListWriter.Write(2, parent!.SnapshotId, parent.ParentSnapshotId, snapshots, null, [.. Enumerable.Range(0, manifests).Select(i => Manifest(metadata, i, parent.SnapshotId))]);
        await store.PutAsync(parent.ManifestList!, list.Bytes).ConfigureAwait(false);
        var handles = await catalog.CommitAsync([new TableCommit(name, [new TableRequirement.AssertCreate()], updates)]).ConfigureAwait(false);
        Handle = handles[0];
    }

    /// <summary>An append to the seeded head whose files are written.</summary>
    public async Task<TableCommit> AppendAsync()
    {
        var metadata = Handle.Metadata;
        var head = metadata.CurrentSnapshot!;
        long id = Random.Shared.NextInt64(1, long.MaxValue);
        var spec = metadata.DefaultSpec;
        var writer = new ManifestWriter(2, metadata.CurrentSchema, spec, metadata.PartitionType(spec), ManifestContent.Data, id);
        writer.Add(new DataFile { FilePath = $"{metadata.Location}/data/{Guid.NewGuid()}.parquet", Format = FileFormat.Parquet, RecordCount = 1000, FileSizeInBytes = 100_000 });
        string location = $"{metadata.Location}/metadata/{Guid.NewGuid()}-m0.avro";
        var (bytes, manifest) = writer.Finish(location);
        await store.PutAsync(location, bytes).ConfigureAwait(false);
        var snapshot = Snapshot(metadata, head, id, $"{metadata.Location}/metadata/snap-{id}-1-{Guid.NewGuid()}.avro");
        var before = ManifestListReader.Read(await store.ReadAsync(head.ManifestList!).ConfigureAwait(false), head.ManifestList!);
        var list = ManifestListWriter.Write(2, id, head.SnapshotId, snapshot.SequenceNumber, null, [manifest, .. before]);
        await store.PutAsync(snapshot.ManifestList!, list.Bytes).ConfigureAwait(false);
        return new TableCommit(
            name,
            [new TableRequirement.AssertTableUuid(metadata.TableUuid!.Value), new TableRequirement.AssertRefSnapshotId("main", head.SnapshotId)],
            [new TableUpdate.AddSnapshot(snapshot), new TableUpdate.SetSnapshotRef("main", new SnapshotRef(id, SnapshotRefType.Branch))]);
    }

    private static Snapshot Snapshot(TableMetadata metadata, Snapshot? parent, long id, string list) => new()
    {
        SnapshotId = id,
        ParentSnapshotId = parent?.SnapshotId,
        SequenceNumber = (parent?.SequenceNumber ?? 0) + 1,
        TimestampMs = metadata.LastUpdatedMs,
        ManifestList = list,
        SchemaId = 0,
        // What Spark writes into a summary.
        Summary = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
        [
            KeyValuePair.Create("operation", "append"), KeyValuePair.Create("spark.app.id", "local-1755780000000"), KeyValuePair.Create("engine-name", "spark"),
            KeyValuePair.Create("engine-version", "3.5.9"), KeyValuePair.Create("app-id", "local-1755780000000"), KeyValuePair.Create("changed-partition-count", "1"),
            KeyValuePair.Create("added-data-files", "1"), KeyValuePair.Create("added-records", "1000"), KeyValuePair.Create("added-files-size", "100000"),
            KeyValuePair.Create("total-data-files", $"{parent?.SequenceNumber ?? 1}"), KeyValuePair.Create("total-records", $"{(parent?.SequenceNumber ?? 1) * 1000}"),
            KeyValuePair.Create("total-files-size", $"{(parent?.SequenceNumber ?? 1) * 100_000}"), KeyValuePair.Create("total-delete-files", "0"),
            KeyValuePair.Create("total-position-deletes", "0"), KeyValuePair.Create("total-equality-deletes", "0"),
        ]),
    };

    private static ManifestFile Manifest(TableMetadata metadata, int number, long snapshotId) => new()
    {
        ManifestPath = $"{metadata.Location}/metadata/{Guid.NewGuid()}-m0.avro",
        ManifestLength = 7000 + number,
        PartitionSpecId = 0,
        SequenceNumber = number + 1,
        MinSequenceNumber = number + 1,
        AddedSnapshotId = snapshotId - 1,
        AddedFilesCount = 1,
        ExistingFilesCount = 0,
        DeletedFilesCount = 0,
        AddedRowsCount = 1000,
        ExistingRowsCount = 0,
        DeletedRowsCount = 0,
        Partitions = [],
    };
}
