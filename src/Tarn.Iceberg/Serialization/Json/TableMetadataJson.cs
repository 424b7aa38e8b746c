using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>
/// Table metadata files of format versions 1-3 ("Table Metadata", Appendix C). gzip is recognised by content.
/// What the specification does not name is kept and written back.
/// </summary>
public static partial class TableMetadataJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "format-version", "table-uuid", "location", "last-sequence-number", "last-updated-ms", "last-column-id", "schema", "schemas", "current-schema-id",
        "partition-spec", "partition-specs", "default-spec-id", "last-partition-id", "properties", "current-snapshot-id", "snapshots", "snapshot-log",
        "metadata-log", "sort-orders", "default-sort-order-id", "refs", "statistics", "partition-statistics", "next-row-id", "encryption-keys",
    ]);

    /// <summary>Reads a metadata file.</summary>
    /// <param name="content">The file as stored, perhaps compressed.</param>
    /// <param name="location">Its location, for messages.</param>
    /// <exception cref="TarnException">
    /// DataCorrupted naming the file, the field and the value; Unsupported for a format version that is not known.
    /// </exception>
    public static TableMetadata Read(ReadOnlyMemory<byte> content, string location) =>
        JsonText.Read(MetadataCompression.Expand(content, location), location, ErrorKind.DataCorrupted, Read);

    /// <summary>Reads table metadata inside another document.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, or Unsupported for a format version that is not known.</exception>
    public static TableMetadata Read(JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) => Read(JsonText.Cursor(json, document, kind));

    internal static TableMetadata Read(JsonCursor json)
    {
        int version = json.AsObject().Int("format-version");
        if (version is < 1 or > TableMetadata.MaxFormatVersion)
        {
            throw json.Required("format-version").Place.ErrorOf(
                ErrorKind.Unsupported, $"format version {version} is not supported, only 1 to {TableMetadata.MaxFormatVersion} are. Open the table with a newer version.");
        }

        var (schemas, currentSchemaId) = ReadSchemas(json, version);
        var (specs, defaultSpecId) = ReadSpecs(json, version);
        var (orders, defaultOrderId) = ReadSortOrders(json, version);
        long? current = json.OptionalLong("current-snapshot-id") is { } id and not -1 ? id : null;
        var metadata = new TableMetadata
        {
            FormatVersion = version,
            TableUuid = version == 1 ? json.Optional("table-uuid")?.AsGuid() : json.Guid("table-uuid"),
            Location = json.String("location"),
            LastSequenceNumber = version == 1 ? 0 : json.Long("last-sequence-number"),
            LastUpdatedMs = json.Long("last-updated-ms"),
            LastColumnId = json.Int("last-column-id"),
            Schemas = schemas,
            CurrentSchemaId = currentSchemaId,
            PartitionSpecs = specs,
            DefaultSpecId = defaultSpecId,
            LastPartitionId = ReadLastPartitionId(json, version, specs),
            SortOrders = orders,
            DefaultSortOrderId = defaultOrderId,
            Properties = json.OptionalStringMap("properties"),
            CurrentSnapshotId = current,
            Snapshots = json.OptionalList("snapshots", SnapshotJson.Read),
            SnapshotLog = json.OptionalList("snapshot-log", e => new SnapshotLogEntry(e.AsObject().Long("timestamp-ms"), e.Long("snapshot-id"))),
            MetadataLog = json.OptionalList("metadata-log", e => new MetadataLogEntry(e.AsObject().Long("timestamp-ms"), e.String("metadata-file"))),
            Refs = ReadRefs(json, current),
            Statistics = json.OptionalList("statistics", StatisticsFileJson.Read),
            PartitionStatistics = json.OptionalList("partition-statistics", StatisticsFileJson.ReadPartition),
            NextRowId = version >= 3 ? json.Long("next-row-id") : 0,
            EncryptionKeys = json.OptionalList("encryption-keys", StatisticsFileJson.ReadKey),
            UnknownFields = json.Unknown(Known),
        };
        Validate(metadata, json.Place);
        return metadata;
    }

    private static (ImmutableList<Schema> Schemas, int CurrentId) ReadSchemas(JsonCursor json, int version)
    {
        if (json.Has("schemas"))
            return (json.List("schemas", SchemaJson.Read), json.Int("current-schema-id"));
        if (version > 1)
            throw json.Place.Error($"required field 'schemas' is missing; it must exist in format version {version}");
        var schema = SchemaJson.Read(json.Required("schema"));
        return ([schema], schema.SchemaId);
    }

    private static (ImmutableList<PartitionSpec> Specs, int DefaultId) ReadSpecs(JsonCursor json, int version)
    {
        if (json.Has("partition-specs"))
        {
            var specs = json.List("partition-specs", PartitionSpecJson.Read);
            if (specs.Count == 0)
                throw json.Required("partition-specs").Expected("at least one partition spec");
            // default-spec-id is optional in version 1 only; then the newest spec is the one in use.
            return (specs, version == 1 && !json.Has("default-spec-id") ? specs.Max(s => s.SpecId) : json.Int("default-spec-id"));
        }

        if (version > 1)
            throw json.Place.Error($"required field 'partition-specs' is missing; it must exist in format version {version}");
        return ([PartitionSpecJson.ReadFields(json.Required("partition-spec"), 0)], 0);
    }

    private static (ImmutableList<SortOrder> Orders, int DefaultId) ReadSortOrders(JsonCursor json, int version)
    {
        if (json.Has("sort-orders"))
            return (json.List("sort-orders", SortOrderJson.Read), json.Int("default-sort-order-id"));
        if (version > 1)
            throw json.Place.Error($"required field 'sort-orders' is missing; it must exist in format version {version}");
        return ([SortOrder.Unsorted], SortOrder.Unsorted.OrderId);
    }

    private static int ReadLastPartitionId(JsonCursor json, int version, ImmutableList<PartitionSpec> specs) =>
        version == 1 && !json.Has("last-partition-id") ? specs.Max(s => s.LastFieldId) : json.Int("last-partition-id");

    // There is always a main branch at the current snapshot, even where the file lists none.
    private static ImmutableSortedDictionary<string, SnapshotRef> ReadRefs(JsonCursor json, long? currentSnapshotId)
    {
        var refs = ImmutableSortedDictionary.CreateBuilder<string, SnapshotRef>(StringComparer.Ordinal);
        if (json.Optional("refs") is { } node)
        {
            foreach (var (name, value) in node.Properties())
                refs[name] = SnapshotJson.ReadRefFields(value);
        }

        if (currentSnapshotId is { } id && !refs.ContainsKey(Snapshot.MainBranch))
            refs[Snapshot.MainBranch] = new SnapshotRef(id, SnapshotRefType.Branch);
        return refs.ToImmutable();
    }
}
