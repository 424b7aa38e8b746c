using System.Text.Json;
using Tarn.Core.Text;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>Writes Avro schemas as JSON: each named type in full where it first stands, by name afterwards.</summary>
public static class AvroSchemaWriter
{
    /// <summary>UTF-8 JSON of <paramref name="schema"/>.</summary>
    public static byte[] ToJson(AvroSchema schema) => PlainJson.ToUtf8(json => Write(json, schema, new HashSet<AvroNamed>(ReferenceEqualityComparer.Instance)));

    private static void Write(Utf8JsonWriter json, AvroSchema schema, HashSet<AvroNamed> written)
    {
        switch (schema)
        {
            case AvroNamed named when !written.Add(named):
                json.WriteStringValue(named.FullName);
                break;
            case AvroUnion union:
                json.WriteStartArray();
                foreach (var branch in union.Branches)
                    Write(json, branch, written);
                json.WriteEndArray();
                break;
            case AvroPrimitive { Attributes.Count: 0 }:
                json.WriteStringValue(Name(schema.Type));
                break;
            default:
                json.WriteStartObject();
                json.WriteString("type", Name(schema.Type));
                WriteParts(json, schema, written);
                WriteAttributes(json, schema.Attributes);
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteParts(Utf8JsonWriter json, AvroSchema schema, HashSet<AvroNamed> written)
    {
        if (schema is AvroNamed named)
            json.WriteString("name", named.FullName);
        switch (schema)
        {
            case AvroRecord record:
                json.WriteStartArray("fields");
                foreach (var field in record.Fields)
                    WriteField(json, field, written);
                json.WriteEndArray();
                break;
            case AvroEnum symbols:
                json.WriteStartArray("symbols");
                foreach (string symbol in symbols.Symbols)
                    json.WriteStringValue(symbol);
                json.WriteEndArray();
                break;
            case AvroFixed bytes:
                json.WriteNumber("size", bytes.Size);
                break;
            case AvroArray array:
                json.WritePropertyName("items");
                Write(json, array.Items, written);
                break;
            case AvroMap map:
                json.WritePropertyName("values");
                Write(json, map.Values, written);
                break;
        }
    }

    private static void WriteField(Utf8JsonWriter json, AvroField field, HashSet<AvroNamed> written)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WritePropertyName("type");
        Write(json, field.Schema, written);
        if (field.Default is { } fallback)
        {
            json.WritePropertyName("default");
            fallback.WriteTo(json);
        }

        WriteAttributes(json, field.Attributes);
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    private static string Name(AvroType type) => type switch
    {
        AvroType.Null => "null",
        AvroType.Boolean => "boolean",
        AvroType.Int => "int",
        AvroType.Long => "long",
        AvroType.Float => "float",
        AvroType.Double => "double",
        AvroType.Bytes => "bytes",
        AvroType.String => "string",
        AvroType.Record => "record",
        AvroType.Enum => "enum",
        AvroType.Array => "array",
        AvroType.Map => "map",
        AvroType.Fixed => "fixed",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A union has no name."),
    };
}
