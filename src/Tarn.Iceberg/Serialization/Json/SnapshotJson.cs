using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of snapshots and of references to them (Appendix C, "Table Metadata and Snapshots").</summary>
public static class SnapshotJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "snapshot-id", "parent-snapshot-id", "sequence-number", "timestamp-ms", "manifest-list", "manifests", "summary", "schema-id",
        "first-row-id", "added-rows", "key-id",
    ]);

    private static readonly FrozenSet<string> KnownOfRef = FrozenSet.ToFrozenSet(
    [
        "action", "ref-name", "snapshot-id", "type", "min-snapshots-to-keep", "max-snapshot-age-ms", "max-ref-age-ms",
    ]);

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static Snapshot Read(JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Writes a snapshot.</summary>
    public static void Write(Utf8JsonWriter writer, Snapshot snapshot)
    {
        writer.WriteStartObject();
        // In version 1 there are no sequence numbers, and 0 is what readers take for none.
        if (snapshot.SequenceNumber > 0)
            writer.WriteNumber("sequence-number", snapshot.SequenceNumber);
        writer.WriteNumber("snapshot-id", snapshot.SnapshotId);
        writer.WriteOptional("parent-snapshot-id", snapshot.ParentSnapshotId);
        writer.WriteNumber("timestamp-ms", snapshot.TimestampMs);
        if (snapshot.Summary.Count > 0)
            WriteSummary(writer, snapshot);
        if (snapshot.ManifestList is { } list)
            writer.WriteString("manifest-list", list);
        else
            writer.WriteList("manifests", snapshot.Manifests ?? [], (w, m) => w.WriteStringValue(m));
        writer.WriteOptional("schema-id", snapshot.SchemaId);
        writer.WriteOptional("first-row-id", snapshot.FirstRowId);
        writer.WriteOptional("added-rows", snapshot.AddedRows);
        writer.WriteOptional("key-id", snapshot.KeyId);
        writer.WriteUnknown(snapshot.UnknownFields);
        writer.WriteEndObject();
    }

    /// <summary>Writes a snapshot as a document of its own.</summary>
    public static byte[] ToUtf8(Snapshot snapshot) => JsonText.Write(writer => Write(writer, snapshot));

    internal static Snapshot Read(JsonCursor json)
    {
        string? list = json.AsObject().OptionalString("manifest-list");
        return new Snapshot
        {
            SnapshotId = json.Long("snapshot-id"),
            ParentSnapshotId = json.OptionalLong("parent-snapshot-id"),
            SequenceNumber = json.OptionalLong("sequence-number") ?? 0,
            TimestampMs = json.Long("timestamp-ms"),
            ManifestList = list,
            Manifests = list is null ? json.List("manifests", m => m.AsString()) : null,
            Summary = json.OptionalStringMap("summary"),
            SchemaId = json.OptionalInt("schema-id"),
            FirstRowId = json.OptionalLong("first-row-id"),
            AddedRows = json.OptionalLong("added-rows"),
            KeyId = json.OptionalString("key-id"),
            UnknownFields = json.Unknown(Known),
        };
    }

    /// <summary>Reads a reference whose fields stand in the object, perhaps beside those of an update.</summary>
    internal static SnapshotRef ReadRefFields(JsonCursor json)
    {
        var type = json.AsObject().String("type").ToLowerInvariant() switch
        {
            "branch" => SnapshotRefType.Branch,
            "tag" => SnapshotRefType.Tag,
            _ => throw json.Required("type").Expected("'branch' or 'tag'"),
        };
        return new SnapshotRef(json.Long("snapshot-id"), type)
        {
            MinSnapshotsToKeep = json.OptionalInt("min-snapshots-to-keep"),
            MaxSnapshotAgeMs = json.OptionalLong("max-snapshot-age-ms"),
            MaxRefAgeMs = json.OptionalLong("max-ref-age-ms"),
            UnknownFields = json.Unknown(KnownOfRef),
        };
    }

    internal static void WriteRefFields(Utf8JsonWriter writer, SnapshotRef reference)
    {
        writer.WriteNumber("snapshot-id", reference.SnapshotId);
        writer.WriteString("type", reference.Type == SnapshotRefType.Branch ? "branch" : "tag");
        writer.WriteOptional("min-snapshots-to-keep", reference.MinSnapshotsToKeep);
        writer.WriteOptional("max-snapshot-age-ms", reference.MaxSnapshotAgeMs);
        writer.WriteOptional("max-ref-age-ms", reference.MaxRefAgeMs);
        writer.WriteUnknown(reference.UnknownFields);
    }

    // The operation first, as readers of the text expect it.
    private static void WriteSummary(Utf8JsonWriter writer, Snapshot snapshot)
    {
        writer.WriteStartObject("summary");
        writer.WriteOptional("operation", snapshot.Operation);
        foreach (var (key, value) in snapshot.Summary)
        {
            if (key != "operation")
                writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
