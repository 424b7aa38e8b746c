using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of types (Appendix C, "Schemas"): a string, or an object for struct, list and map.</summary>
public static class TypeJson
{
    private static readonly FrozenSet<string> KnownOfField = FrozenSet.ToFrozenSet(["id", "name", "required", "type", "doc", "initial-default", "write-default"]);

    /// <summary>Reads a type.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static IcebergType Read(JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Writes a type.</summary>
    public static void Write(Utf8JsonWriter writer, IcebergType type)
    {
        switch (type)
        {
            case StructType s:
                writer.WriteStartObject();
                writer.WriteString("type", "struct");
                WriteFields(writer, s);
                writer.WriteEndObject();
                break;
            case ListType l:
                WriteList(writer, l);
                break;
            case MapType m:
                WriteMap(writer, m);
                break;
            default:
                writer.WriteStringValue(type.ToString());
                break;
        }
    }

    internal static void WriteFields(Utf8JsonWriter writer, StructType type) => writer.WriteList("fields", type.Fields, WriteField);

    internal static IcebergType Read(JsonCursor json)
    {
        if (json.Element.ValueKind == JsonValueKind.String)
            return TypeText.TryParse(json.AsString(), out var type) ? type : throw json.Expected("the name of a type");
        return json.AsObject().String("type") switch
        {
            "struct" => new StructType(json.List("fields", ReadField)),
            "list" => new ListType(new NestedField(json.Int("element-id"), "element", json.Bool("element-required"), Read(json.Required("element")))),
            "map" => new MapType(
                new NestedField(json.Int("key-id"), "key", true, Read(json.Required("key"))),
                new NestedField(json.Int("value-id"), "value", json.Bool("value-required"), Read(json.Required("value")))),
            _ => throw json.Required("type").Expected("'struct', 'list' or 'map'"),
        };
    }

    private static NestedField ReadField(JsonCursor json)
    {
        var type = Read(json.AsObject().Required("type"));
        return new NestedField(json.Int("id"), json.String("name"), json.Bool("required"), type, json.OptionalString("doc"))
        {
            InitialDefault = json.Optional("initial-default") is { } initial ? JsonSingleValue.Read(type, initial) : null,
            WriteDefault = json.Optional("write-default") is { } write ? JsonSingleValue.Read(type, write) : null,
            UnknownFields = json.Unknown(KnownOfField),
        };
    }

    private static void WriteField(Utf8JsonWriter writer, NestedField field)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", field.Id);
        writer.WriteString("name", field.Name);
        writer.WriteBoolean("required", field.Required);
        writer.WritePropertyName("type");
        Write(writer, field.Type);
        writer.WriteOptional("doc", field.Doc);
        WriteDefault(writer, "initial-default", field.Type, field.InitialDefault);
        WriteDefault(writer, "write-default", field.Type, field.WriteDefault);
        writer.WriteUnknown(field.UnknownFields);
        writer.WriteEndObject();
    }

    private static void WriteDefault(Utf8JsonWriter writer, string name, IcebergType type, object? value)
    {
        if (value is null)
            return;
        writer.WritePropertyName(name);
        JsonSingleValue.Write(writer, type, value);
    }

    private static void WriteList(Utf8JsonWriter writer, ListType type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "list");
        writer.WriteNumber("element-id", type.Element.Id);
        writer.WritePropertyName("element");
        Write(writer, type.Element.Type);
        writer.WriteBoolean("element-required", type.Element.Required);
        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, MapType type)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "map");
        writer.WriteNumber("key-id", type.Key.Id);
        writer.WritePropertyName("key");
        Write(writer, type.Key.Type);
        writer.WriteNumber("value-id", type.Value.Id);
        writer.WritePropertyName("value");
        Write(writer, type.Value.Type);
        writer.WriteBoolean("value-required", type.Value.Required);
        writer.WriteEndObject();
    }
}
