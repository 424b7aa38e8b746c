using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of statistics files and encryption keys ("Table Statistics", "Partition Statistics", "Encryption Keys").</summary>
internal static class StatisticsFileJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "snapshot-id", "statistics-path", "file-size-in-bytes", "file-footer-size-in-bytes", "key-metadata", "blob-metadata",
    ]);

    private static readonly FrozenSet<string> KnownOfBlob = FrozenSet.ToFrozenSet(["type", "snapshot-id", "sequence-number", "fields", "properties"]);
    private static readonly FrozenSet<string> KnownOfPartition = FrozenSet.ToFrozenSet(["snapshot-id", "statistics-path", "file-size-in-bytes"]);
    private static readonly FrozenSet<string> KnownOfKey = FrozenSet.ToFrozenSet(["key-id", "encrypted-key-metadata", "encrypted-by-id", "properties"]);

    public static StatisticsFile Read(JsonCursor json) =>
        new(
            json.AsObject().Long("snapshot-id"),
            json.String("statistics-path"),
            json.Long("file-size-in-bytes"),
            json.Long("file-footer-size-in-bytes"),
            json.List("blob-metadata", ReadBlob))
        {
            KeyMetadata = json.OptionalString("key-metadata"),
            UnknownFields = json.Unknown(Known),
        };

    public static void Write(Utf8JsonWriter writer, StatisticsFile file)
    {
        writer.WriteStartObject();
        writer.WriteNumber("snapshot-id", file.SnapshotId);
        writer.WriteString("statistics-path", file.StatisticsPath);
        writer.WriteNumber("file-size-in-bytes", file.FileSizeInBytes);
        writer.WriteNumber("file-footer-size-in-bytes", file.FileFooterSizeInBytes);
        writer.WriteOptional("key-metadata", file.KeyMetadata);
        writer.WriteList("blob-metadata", file.BlobMetadata, WriteBlob);
        writer.WriteUnknown(file.UnknownFields);
        writer.WriteEndObject();
    }

    public static PartitionStatisticsFile ReadPartition(JsonCursor json) =>
        new(json.AsObject().Long("snapshot-id"), json.String("statistics-path"), json.Long("file-size-in-bytes"))
        {
            UnknownFields = json.Unknown(KnownOfPartition),
        };

    public static void WritePartition(Utf8JsonWriter writer, PartitionStatisticsFile file)
    {
        writer.WriteStartObject();
        writer.WriteNumber("snapshot-id", file.SnapshotId);
        writer.WriteString("statistics-path", file.StatisticsPath);
        writer.WriteNumber("file-size-in-bytes", file.FileSizeInBytes);
        writer.WriteUnknown(file.UnknownFields);
        writer.WriteEndObject();
    }

    public static EncryptedKey ReadKey(JsonCursor json) =>
        new(
            json.AsObject().String("key-id"),
            json.String("encrypted-key-metadata"),
            json.OptionalString("encrypted-by-id"),
            json.OptionalStringMap("properties"))
        {
            UnknownFields = json.Unknown(KnownOfKey),
        };

    public static void WriteKey(Utf8JsonWriter writer, EncryptedKey key)
    {
        writer.WriteStartObject();
        writer.WriteString("key-id", key.KeyId);
        writer.WriteString("encrypted-key-metadata", key.EncryptedKeyMetadata);
        writer.WriteOptional("encrypted-by-id", key.EncryptedById);
        if (key.Properties.Count > 0)
            writer.WriteStringMap("properties", key.Properties);
        writer.WriteUnknown(key.UnknownFields);
        writer.WriteEndObject();
    }

    private static BlobMetadata ReadBlob(JsonCursor json) =>
        new(
            json.AsObject().String("type"),
            json.Long("snapshot-id"),
            json.Long("sequence-number"),
            json.List("fields", f => f.AsInt()),
            json.OptionalStringMap("properties"))
        {
            UnknownFields = json.Unknown(KnownOfBlob),
        };

    private static void WriteBlob(Utf8JsonWriter writer, BlobMetadata blob)
    {
        writer.WriteStartObject();
        writer.WriteString("type", blob.Type);
        writer.WriteNumber("snapshot-id", blob.SnapshotId);
        writer.WriteNumber("sequence-number", blob.SequenceNumber);
        writer.WriteInts("fields", blob.Fields);
        if (blob.Properties.Count > 0)
            writer.WriteStringMap("properties", blob.Properties);
        writer.WriteUnknown(blob.UnknownFields);
        writer.WriteEndObject();
    }
}
