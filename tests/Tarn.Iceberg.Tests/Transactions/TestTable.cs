using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Transactions;

/// <summary>Small tables as metadata only; the ids are those that a new table gets.</summary>
internal static class TestTable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly Schema Columns = new(
        0,
        [
            new NestedField(1, "id", true, SimpleType.Long),
            new NestedField(2, "name", false, SimpleType.String),
            new NestedField(3, "at", false, SimpleType.TimestampTz),
            new NestedField(4, "place", false, new StructType([new NestedField(7, "x", true, SimpleType.Int), new NestedField(8, "y", false, SimpleType.Float)])),
            new NestedField(5, "tags", false, ListType.Of(9, SimpleType.String)),
            new NestedField(6, "attributes", false, MapType.Of(10, SimpleType.String, 11, new StructType([new NestedField(12, "v", false, SimpleType.Int)]))),
        ]);

    public static TableMetadata New(int formatVersion = 2, Schema? schema = null, PartitionSpec? spec = null, SortOrder? order = null, Dictionary<string, string>? properties = null) =>
        TableMetadata.New(
            schema ?? Columns,
            spec ?? PartitionSpec.Unpartitioned,
            order ?? SortOrder.Unsorted,
            "s3://lake/ns/t",
            properties ?? [],
            formatVersion,
            Guid.Parse("9c12d441-03fe-4693-9a96-a0705ddf69c1"),
            Now);

    public static Snapshot Snapshot(TableMetadata metadata, long id, long? sequenceNumber = null, long? parent = null, long addedRows = 10) => new()
    {
        SnapshotId = id,
        ParentSnapshotId = parent ?? metadata.CurrentSnapshotId,
        SequenceNumber = metadata.FormatVersion == 1 ? 0 : sequenceNumber ?? metadata.LastSequenceNumber + 1,
        TimestampMs = metadata.LastUpdatedMs + 1000,
        ManifestList = $"s3://lake/ns/t/metadata/snap-{id}.avro",
        SchemaId = metadata.CurrentSchemaId,
        FirstRowId = metadata.FormatVersion >= 3 ? metadata.NextRowId : null,
        AddedRows = metadata.FormatVersion >= 3 ? addedRows : null,
    };
}
