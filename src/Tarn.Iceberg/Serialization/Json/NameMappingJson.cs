using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of name mappings (Appendix C, "Name Mapping Serialization"), as table property <see cref="NameMapping.PropertyName"/> holds it.</summary>
public static class NameMappingJson
{
    /// <summary>Reads a mapping from the text of the property.</summary>
    /// <exception cref="TarnException">DataCorrupted naming <paramref name="document"/>, field and value.</exception>
    public static NameMapping Read(string text, string document) =>
        JsonText.Read(System.Text.Encoding.UTF8.GetBytes(text), document, ErrorKind.DataCorrupted, json => new NameMapping(json.AsList(ReadField)));

    /// <summary>The text of the property.</summary>
    public static string Write(NameMapping mapping) => System.Text.Encoding.UTF8.GetString(JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var field in mapping.Fields)
            WriteField(writer, field);
        writer.WriteEndArray();
    }));

    private static MappedField ReadField(JsonCursor json) =>
        new(json.AsObject().OptionalInt("field-id"), json.OptionalList("names", n => n.AsString()), json.OptionalList("fields", ReadField));

    private static void WriteField(System.Text.Json.Utf8JsonWriter writer, MappedField field)
    {
        writer.WriteStartObject();
        writer.WriteOptional("field-id", field.FieldId);
        writer.WriteList("names", field.Names, (w, name) => w.WriteStringValue(name));
        if (field.Fields.Count > 0)
            writer.WriteList("fields", field.Fields, WriteField);
        writer.WriteEndObject();
    }
}
