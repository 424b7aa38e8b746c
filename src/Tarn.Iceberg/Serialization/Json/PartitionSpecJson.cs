using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of partition specs (Appendix C, "Partition Specs").</summary>
public static class PartitionSpecJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(["spec-id", "fields"]);
    private static readonly FrozenSet<string> KnownOfField = FrozenSet.ToFrozenSet(["source-id", "source-ids", "field-id", "name", "transform"]);

    /// <summary>Reads a spec from its object form.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static PartitionSpec Read(JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Reads a spec from a list of fields in UTF-8, the form in the key-value metadata of manifests.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static PartitionSpec ReadFields(ReadOnlyMemory<byte> utf8, int specId, string document, ErrorKind kind = ErrorKind.DataCorrupted) =>
        JsonText.Read(utf8, document, kind, json => ReadFields(json, specId));

    /// <summary>Writes a spec in its object form.</summary>
    public static void Write(Utf8JsonWriter writer, PartitionSpec spec)
    {
        writer.WriteStartObject();
        writer.WriteNumber("spec-id", spec.SpecId);
        writer.WriteList("fields", spec.Fields, WriteField);
        writer.WriteUnknown(spec.UnknownFields);
        writer.WriteEndObject();
    }

    /// <summary>Writes only the list of fields.</summary>
    public static void WriteFields(Utf8JsonWriter writer, PartitionSpec spec)
    {
        writer.WriteStartArray();
        foreach (var field in spec.Fields)
            WriteField(writer, field);
        writer.WriteEndArray();
    }

    /// <summary>The list of fields as UTF-8 text, as the key-value metadata of manifests hold it.</summary>
    public static byte[] WriteFields(PartitionSpec spec) => JsonText.Write(writer => WriteFields(writer, spec));

    internal static PartitionSpec Read(JsonCursor json)
    {
        int specId = json.AsObject().Int("spec-id");
        return new PartitionSpec(specId, ReadFields(json.Required("fields"), specId).Fields) { UnknownFields = json.Unknown(Known) };
    }

    /// <summary>A spec of a request: without spec id and field ids it gets them when it is added; missing ones are -1.</summary>
    /// <summary>Reads a spec of a request, whose own id and field ids may be missing: the catalog assigns them.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static PartitionSpec ReadUnassigned(JsonElement json, string document, ErrorKind kind = ErrorKind.InvalidRequest) => ReadUnassigned(JsonText.Cursor(json, document, kind));

    internal static PartitionSpec ReadUnassigned(JsonCursor json) =>
        new(json.AsObject().OptionalInt("spec-id") ?? -1, json.List("fields", f => ReadField(f, f.AsObject().OptionalInt("field-id") ?? -1))) { UnknownFields = json.Unknown(Known) };

    // Version 1 writers gave no field ids: they count from 1000 in each spec.
    internal static PartitionSpec ReadFields(JsonCursor json, int specId)
    {
        int next = PartitionSpec.FirstFieldId;
        int withId = 0;
        var fields = json.AsList(f =>
        {
            int? id = f.AsObject().OptionalInt("field-id");
            withId += id is null ? 0 : 1;
            return ReadField(f, id ?? next++);
        });
        if (withId != 0 && withId != fields.Count)
            throw json.Place.Error($"{fields.Count - withId} of {fields.Count} partition fields have no field-id");
        return new PartitionSpec(specId, fields);
    }

    private static PartitionField ReadField(JsonCursor json, int fieldId) =>
        new(SourceIds(json), fieldId, json.String("name"), Transform.Parse(json.String("transform"))) { UnknownFields = json.Unknown(KnownOfField) };

    internal static IReadOnlyList<int> SourceIds(JsonCursor field)
    {
        if (!field.Has("source-ids"))
            return [field.Int("source-id")];
        var ids = field.List("source-ids", id => id.AsInt());
        return ids.Count > 0 ? ids : throw field.Required("source-ids").Expected("at least one field id");
    }

    internal static void WriteSourceIds(Utf8JsonWriter writer, IReadOnlyList<int> sourceIds)
    {
        if (sourceIds.Count == 1)
            writer.WriteNumber("source-id", sourceIds[0]);
        else
            writer.WriteInts("source-ids", sourceIds);
    }

    private static void WriteField(Utf8JsonWriter writer, PartitionField field)
    {
        writer.WriteStartObject();
        writer.WriteString("name", field.Name);
        writer.WriteString("transform", field.Transform.Text);
        WriteSourceIds(writer, field.SourceIds);
        writer.WriteNumber("field-id", field.FieldId);
        writer.WriteUnknown(field.UnknownFields);
        writer.WriteEndObject();
    }
}
