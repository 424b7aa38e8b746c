using System.Text.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <content>Writing.</content>
public static partial class TableMetadataJson
{
    /// <summary>Name of the property that asks for compressed metadata files: <c>none</c> or <c>gzip</c>.</summary>
    public const string CompressionProperty = "write.metadata.compression-codec";

    private const string Suffix = ".metadata.json";

    /// <summary>Whether a file has the name of a metadata file, of a table or view: it ends with <c>.metadata.json</c>, compressed or not, or with <c>.metadata.json.gz</c> as older engines named compressed ones.</summary>
    public static bool IsFileName(string name) => name.EndsWith(Suffix, StringComparison.Ordinal) || name.EndsWith(Suffix + ".gz", StringComparison.Ordinal);

    /// <summary>Writes metadata as uncompressed UTF-8 JSON, in the form of its own format version.</summary>
    public static byte[] Write(TableMetadata metadata) => JsonText.Write(writer => Write(writer, metadata));

    /// <summary>As <see cref="Write(TableMetadata)"/>, for who keeps the JSON of snapshots from one file to the next.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="writeSnapshot">Writes a snapshot as <see cref="SnapshotJson.Write"/> does.</param>
    /// <param name="expectedBytes">How long the JSON will be about, so that memory for it is asked for once; it may become longer.</param>
    public static byte[] Write(TableMetadata metadata, Action<Utf8JsonWriter, Snapshot> writeSnapshot, int expectedBytes) =>
        JsonText.Write(writer => Write(writer, metadata, writeSnapshot), expectedBytes);

    /// <summary>
    /// Writes metadata as its property <c>write.metadata.compression-codec</c> asks, with the end of the file name that belongs to it:
    /// <c>.metadata.json</c> or <c>.gz.metadata.json</c>.
    /// </summary>
    public static (byte[] Content, string Suffix) WriteFile(TableMetadata metadata) => ToFile(metadata, Write(metadata));

    /// <summary>The content of the metadata file for metadata that was written as JSON, compressed as its property asks, with the end of the file name.</summary>
    public static (byte[] Content, string Suffix) ToFile(TableMetadata metadata, byte[] json) =>
        "gzip".Equals(metadata.Properties.GetValueOrDefault(CompressionProperty), StringComparison.OrdinalIgnoreCase)
            ? (MetadataCompression.Gzip(json), ".gz" + Suffix)
            : (json, Suffix);

    /// <summary>Writes metadata as an object into a larger document.</summary>
    public static void Write(Utf8JsonWriter writer, TableMetadata metadata) => Write(writer, metadata, SnapshotJson.Write);

    private static void Write(Utf8JsonWriter writer, TableMetadata metadata, Action<Utf8JsonWriter, Snapshot> writeSnapshot)
    {
        writer.WriteStartObject();
        writer.WriteNumber("format-version", metadata.FormatVersion);
        if (metadata.TableUuid is { } uuid)
            writer.WriteString("table-uuid", uuid);
        writer.WriteString("location", metadata.Location);
        if (metadata.FormatVersion > 1)
            writer.WriteNumber("last-sequence-number", metadata.LastSequenceNumber);
        writer.WriteNumber("last-updated-ms", metadata.LastUpdatedMs);
        writer.WriteNumber("last-column-id", metadata.LastColumnId);
        WriteLayout(writer, metadata);
        writer.WriteStringMap("properties", metadata.Properties);
        WriteHistory(writer, metadata, writeSnapshot);
        writer.WriteUnknown(metadata.UnknownFields);
        writer.WriteEndObject();
    }

    // Version 1 readers know only "schema" and "partition-spec".
    private static void WriteLayout(Utf8JsonWriter writer, TableMetadata metadata)
    {
        if (metadata.FormatVersion == 1)
        {
            writer.WritePropertyName("schema");
            SchemaJson.Write(writer, metadata.CurrentSchema);
        }

        writer.WriteNumber("current-schema-id", metadata.CurrentSchemaId);
        writer.WriteList("schemas", metadata.Schemas, SchemaJson.Write);
        if (metadata.FormatVersion == 1)
        {
            writer.WritePropertyName("partition-spec");
            PartitionSpecJson.WriteFields(writer, metadata.DefaultSpec);
        }

        writer.WriteNumber("default-spec-id", metadata.DefaultSpecId);
        writer.WriteList("partition-specs", metadata.PartitionSpecs, PartitionSpecJson.Write);
        writer.WriteNumber("last-partition-id", metadata.LastPartitionId);
        writer.WriteNumber("default-sort-order-id", metadata.DefaultSortOrderId);
        writer.WriteList("sort-orders", metadata.SortOrders, SortOrderJson.Write);
    }

    private static void WriteHistory(Utf8JsonWriter writer, TableMetadata metadata, Action<Utf8JsonWriter, Snapshot> writeSnapshot)
    {
        WriteCurrentSnapshotId(writer, metadata);
        if (metadata.FormatVersion >= 3)
            writer.WriteNumber("next-row-id", metadata.NextRowId);
        if (metadata.EncryptionKeys.Count > 0)
            writer.WriteList("encryption-keys", metadata.EncryptionKeys, StatisticsFileJson.WriteKey);
        writer.WriteStartObject("refs");
        foreach (var (name, reference) in metadata.Refs)
        {
            writer.WriteStartObject(name);
            SnapshotJson.WriteRefFields(writer, reference);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteList("snapshots", metadata.Snapshots, writeSnapshot);
        writer.WriteList("statistics", metadata.Statistics, StatisticsFileJson.Write);
        writer.WriteList("partition-statistics", metadata.PartitionStatistics, StatisticsFileJson.WritePartition);
        writer.WriteList("snapshot-log", metadata.SnapshotLog, (w, entry) =>
        {
            w.WriteStartObject();
            w.WriteNumber("timestamp-ms", entry.TimestampMs);
            w.WriteNumber("snapshot-id", entry.SnapshotId);
            w.WriteEndObject();
        });
        writer.WriteList("metadata-log", metadata.MetadataLog, (w, entry) =>
        {
            w.WriteStartObject();
            w.WriteNumber("timestamp-ms", entry.TimestampMs);
            w.WriteString("metadata-file", entry.MetadataFile);
            w.WriteEndObject();
        });
    }

    // Without snapshot: old readers expect -1 (Appendix F); in version 3, where -1 is no longer written, the optional field is left out.
    private static void WriteCurrentSnapshotId(Utf8JsonWriter writer, TableMetadata metadata)
    {
        if (metadata.CurrentSnapshotId is { } id)
            writer.WriteNumber("current-snapshot-id", id);
        else if (metadata.FormatVersion < 3)
            writer.WriteNumber("current-snapshot-id", -1);
    }
}
