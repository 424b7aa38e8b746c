using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>View metadata files (view specification, version 1). gzip is recognised by content.</summary>
public static class ViewMetadataJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "view-uuid", "format-version", "location", "schemas", "current-version-id", "versions", "version-log", "properties",
    ]);

    private static readonly FrozenSet<string> KnownOfVersion = FrozenSet.ToFrozenSet(
    [
        "version-id", "schema-id", "timestamp-ms", "summary", "representations", "default-catalog", "default-namespace",
    ]);

    private static readonly FrozenSet<string> KnownOfRepresentation = FrozenSet.ToFrozenSet(["type", "sql", "dialect"]);

    /// <summary>Reads a view metadata file.</summary>
    /// <exception cref="TarnException">DataCorrupted naming the file, the field and the value; Unsupported for an unknown format version.</exception>
    public static ViewMetadata Read(ReadOnlyMemory<byte> content, string location) =>
        JsonText.Read(MetadataCompression.Expand(content, location), location, ErrorKind.DataCorrupted, Read);

    /// <summary>Reads view metadata inside another document.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, or Unsupported for an unknown format version.</exception>
    public static ViewMetadata Read(JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Writes view metadata as uncompressed UTF-8 JSON.</summary>
    public static byte[] Write(ViewMetadata view) => JsonText.Write(writer => Write(writer, view));

    /// <summary>Writes view metadata as an object into a larger document.</summary>
    public static void Write(Utf8JsonWriter writer, ViewMetadata view)
    {
        writer.WriteStartObject();
        writer.WriteString("view-uuid", view.ViewUuid);
        writer.WriteNumber("format-version", view.FormatVersion);
        writer.WriteString("location", view.Location);
        if (view.Properties.Count > 0)
            writer.WriteStringMap("properties", view.Properties);
        writer.WriteList("schemas", view.Schemas, SchemaJson.Write);
        writer.WriteNumber("current-version-id", view.CurrentVersionId);
        writer.WriteList("versions", view.Versions, WriteVersion);
        writer.WriteList("version-log", view.VersionLog, (w, entry) =>
        {
            w.WriteStartObject();
            w.WriteNumber("timestamp-ms", entry.TimestampMs);
            w.WriteNumber("version-id", entry.VersionId);
            w.WriteEndObject();
        });
        writer.WriteUnknown(view.UnknownFields);
        writer.WriteEndObject();
    }

    internal static ViewMetadata Read(JsonCursor json)
    {
        int version = json.AsObject().Int("format-version");
        if (version is < 1 or > ViewMetadata.MaxFormatVersion)
            throw json.Required("format-version").Place.ErrorOf(ErrorKind.Unsupported, $"view format version {version} is not supported, only 1 is");
        var view = new ViewMetadata
        {
            ViewUuid = json.Guid("view-uuid"),
            FormatVersion = version,
            Location = json.String("location"),
            Schemas = json.List("schemas", SchemaJson.Read),
            CurrentVersionId = json.Int("current-version-id"),
            Versions = json.List("versions", ReadVersion),
            VersionLog = json.List("version-log", e => new ViewHistoryEntry(e.AsObject().Long("timestamp-ms"), e.Int("version-id"))),
            Properties = json.OptionalStringMap("properties"),
            UnknownFields = json.Unknown(Known),
        };
        if (!view.Versions.Exists(v => v.VersionId == view.CurrentVersionId))
            throw json.Place.Property("current-version-id").Error($"versions hold no version {view.CurrentVersionId}");
        return view;
    }

    /// <summary>Reads one version inside another document.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static ViewVersion ReadVersion(JsonElement json, string document, ErrorKind kind = ErrorKind.InvalidRequest) => ReadVersion(JsonText.Cursor(json, document, kind));

    internal static ViewVersion ReadVersion(JsonCursor json) => new()
    {
        VersionId = json.AsObject().Int("version-id"),
        SchemaId = json.Int("schema-id"),
        TimestampMs = json.Long("timestamp-ms"),
        Summary = json.Required("summary").AsStringMap(),
        Representations = json.List("representations", ReadRepresentation),
        DefaultCatalog = json.OptionalString("default-catalog"),
        DefaultNamespace = json.List("default-namespace", n => n.AsString()),
        UnknownFields = json.Unknown(KnownOfVersion),
    };

    /// <summary>Writes one version as an object into a larger document.</summary>
    public static void WriteVersion(Utf8JsonWriter writer, ViewVersion version)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version-id", version.VersionId);
        writer.WriteNumber("timestamp-ms", version.TimestampMs);
        writer.WriteNumber("schema-id", version.SchemaId);
        writer.WriteStringMap("summary", version.Summary);
        writer.WriteOptional("default-catalog", version.DefaultCatalog);
        writer.WriteList("default-namespace", version.DefaultNamespace, (w, level) => w.WriteStringValue(level));
        writer.WriteList("representations", version.Representations, WriteRepresentation);
        writer.WriteUnknown(version.UnknownFields);
        writer.WriteEndObject();
    }

    private static ViewRepresentation ReadRepresentation(JsonCursor json)
    {
        string type = json.AsObject().String("type");
        if (!type.Equals("sql", StringComparison.OrdinalIgnoreCase))
            return new ViewRepresentation(type, null, null, json.Element.Clone());
        JsonElement? whole = json.Unknown(KnownOfRepresentation).IsEmpty ? null : json.Element.Clone();
        return new ViewRepresentation("sql", json.String("sql"), json.String("dialect"), whole);
    }

    private static void WriteRepresentation(Utf8JsonWriter writer, ViewRepresentation representation)
    {
        if (representation.Json is { } json)
        {
            json.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", representation.Type);
        writer.WriteOptional("sql", representation.Sql);
        writer.WriteOptional("dialect", representation.Dialect);
        writer.WriteEndObject();
    }
}
