using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of schemas (Appendix C, "Schemas").</summary>
public static class SchemaJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(["type", "fields", "schema-id", "identifier-field-ids"]);

    /// <summary>Reads a schema.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static Schema Read(JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Reads a schema from UTF-8 text.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static Schema Read(ReadOnlyMemory<byte> utf8, string document, ErrorKind kind = ErrorKind.DataCorrupted) =>
        JsonText.Read(utf8, document, kind, Read);

    /// <summary>Writes a schema as an object.</summary>
    public static void Write(Utf8JsonWriter writer, Schema schema)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "struct");
        writer.WriteNumber("schema-id", schema.SchemaId);
        if (schema.IdentifierFieldIds.Count > 0)
            writer.WriteInts("identifier-field-ids", schema.IdentifierFieldIds);
        TypeJson.WriteFields(writer, schema.Struct);
        writer.WriteUnknown(schema.UnknownFields);
        writer.WriteEndObject();
    }

    /// <summary>A schema as UTF-8 text, as the key-value metadata of manifests hold it.</summary>
    public static byte[] Write(Schema schema) => JsonText.Write(writer => Write(writer, schema));

    internal static Schema Read(JsonCursor json)
    {
        if (TypeJson.Read(json.AsObject()) is not StructType fields)
            throw json.Place.Error("a schema must be a struct");
        var identifiers = json.OptionalList("identifier-field-ids", id => id.AsInt());
        var schema = new Schema(json.OptionalInt("schema-id") ?? 0, fields.Fields, identifiers) { UnknownFields = json.Unknown(Known) };
        CheckIds(schema, json);
        return schema;
    }

    private static void CheckIds(Schema schema, JsonCursor json)
    {
        var seen = new Dictionary<int, string>();
        Visit(schema.Struct, "");
        foreach (int id in schema.IdentifierFieldIds)
        {
            if (!seen.ContainsKey(id))
                throw json.Place.Error($"identifier-field-ids holds {id}, and the schema has no such field");
        }

        void Visit(StructType type, string path)
        {
            foreach (var field in type.Fields)
                Add(field, path);
        }

        void Add(NestedField field, string path)
        {
            string name = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            if (!seen.TryAdd(field.Id, name))
                throw json.Place.Error($"fields '{seen[field.Id]}' and '{name}' have the same id {field.Id}");
            switch (field.Type)
            {
                case StructType s:
                    Visit(s, name);
                    break;
                case ListType l:
                    Add(l.Element, name);
                    break;
                case MapType m:
                    Add(m.Key, name);
                    Add(m.Value, name);
                    break;
            }
        }
    }
}
