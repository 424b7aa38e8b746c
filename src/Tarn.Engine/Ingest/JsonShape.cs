using System.Buffers;
using System.Text;
using System.Text.Json;
using Tarn.Core.Text;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Brings JSON into the one form in which the engine reads it for a column of a table. A map may be an object, a list of <c>[key, value]</c> or a list of objects
/// with <c>key</c> and <c>value</c>, and becomes the last of these; a struct gets all its fields; a value that holds no others becomes text with all its digits.
/// </summary>
internal sealed class JsonShape : IDisposable
{
    private const int MaxDepth = 1000;
    private const string KeyName = "key", ValueName = "value";
    private static readonly JsonWriterOptions Options = PlainJson.Options with { SkipValidation = true, MaxDepth = MaxDepth };
    private readonly IcebergType column;
    private readonly ArrayBufferWriter<byte> written = new();
    private readonly Utf8JsonWriter writer;

    /// <summary>The form for a column of a type.</summary>
    public JsonShape(IcebergType column)
    {
        this.column = column;
        writer = new Utf8JsonWriter(written, Options);
    }

    /// <summary>The form of the last value, valid until the next.</summary>
    public ReadOnlySpan<byte> Written => written.WrittenSpan;

    /// <summary>Whether JSON is read in this form for a column: it has maps or bytes, which the engine would not read as such.</summary>
    public static bool IsFor(IcebergType column) => EngineType.Contains(column, t => t.Id is TypeId.Map or TypeId.Binary);

    /// <summary>The type as which the form is read.</summary>
    public static IcebergType ReadType(IcebergType column) => column switch
    {
        StructType s => new StructType([.. s.Fields.Select(f => f with { Type = ReadType(f.Type) })]),
        ListType l => new ListType(l.Element with { Type = ReadType(l.Element.Type) }),
        MapType m => MapEntries.Type(ReadType(m.Key.Type), ReadType(m.Value.Type)),
        _ => SimpleType.String,
    };

    /// <summary>Writes the form of a value.</summary>
    /// <returns>Null, or what keeps the value from having that form; then what was written is of no use.</returns>
    public JsonMisfit? Write(ReadOnlySpan<byte> json)
    {
        written.ResetWrittenCount();
        writer.Reset();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            var misfit = Write(document.RootElement, column);
            writer.Flush();
            return misfit;
        }
        catch (JsonException)
        {
            // The engine takes a little more for JSON than JSON is: NaN without quotes.
            return new JsonMisfit("", Encoding.UTF8.GetString(json), "is no JSON");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private JsonMisfit? Write(JsonElement value, IcebergType type) => (value.ValueKind, type) switch
    {
        (JsonValueKind.Null, _) => Text(null),
        (JsonValueKind.Object, StructType s) => Struct(value, s),
        (JsonValueKind.Array, ListType l) => List(value, l),
        (JsonValueKind.Object or JsonValueKind.Array, MapType m) => Map(value, m),
        (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False, { Id: TypeId.Binary }) => Misfit(value, "is no text of hexadecimal digits, which bytes are written in"),
        (JsonValueKind.String, { IsNested: false }) => Text(value.GetString()),
        (_, { IsNested: false }) => Text(value.GetRawText()),
        _ => Misfit(value, $"is no {SqlTypeText.Of(type)}"),
    };

    private JsonMisfit? Struct(JsonElement value, StructType type)
    {
        var given = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in value.EnumerateObject())
        {
            if (!given.TryAdd(member.Name, member.Value))
                return Misfit(member.Value, "is the second value of one field").Behind(member.Name);
            if (member.Value.ValueKind != JsonValueKind.Null && type.FieldOfAnyCase(member.Name) is null)
                return Misfit(member.Value, FitTest.NoSuchField).Behind(member.Name);
        }

        writer.WriteStartObject();
        foreach (var field in type.Fields)
        {
            writer.WritePropertyName(field.Name);
            if ((given.TryGetValue(field.Name, out var found) ? Write(found, field.Type) : Text(null)) is { } misfit)
                return misfit.Behind(field.Name);
        }

        writer.WriteEndObject();
        return null;
    }

    private JsonMisfit? List(JsonElement value, ListType type)
    {
        writer.WriteStartArray();
        foreach (var element in value.EnumerateArray())
        {
            if (Write(element, type.Element.Type) is { } misfit)
                return misfit.Behind("element");
        }

        writer.WriteEndArray();
        return null;
    }

    private JsonMisfit? Map(JsonElement value, MapType type)
    {
        writer.WriteStartArray();
        if ((value.ValueKind == JsonValueKind.Object ? Members(value, type) : Items(value, type)) is { } misfit)
            return misfit;
        writer.WriteEndArray();
        return null;
    }

    private JsonMisfit? Members(JsonElement map, MapType type)
    {
        foreach (var member in map.EnumerateObject())
        {
            if (type.Key.Type.IsNested)
                return new JsonMisfit("", member.Name, $"is no {SqlTypeText.Of(type.Key.Type)}").Behind(KeyName);
            if (Entry(() => Text(member.Name), member.Value, type) is { } misfit)
                return misfit;
        }

        return null;
    }

    private JsonMisfit? Items(JsonElement map, MapType type)
    {
        foreach (var item in map.EnumerateArray())
        {
            if (!TryEntry(item, out var key, out var value))
                return Misfit(item, "is no entry of a map, which is [key, value] or {\"key\": …, \"value\": …}");
            if (Entry(() => Write(key, type.Key.Type), value, type) is { } misfit)
                return misfit;
        }

        return null;
    }

    private JsonMisfit? Entry(Func<JsonMisfit?> writeKey, JsonElement value, MapType type)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(KeyName);
        if (writeKey() is { } badKey)
            return badKey.Behind(KeyName);
        writer.WritePropertyName(ValueName);
        if (Write(value, type.Value.Type) is { } badValue)
            return badValue.Behind(ValueName);
        writer.WriteEndObject();
        return null;
    }

    private static bool TryEntry(JsonElement item, out JsonElement key, out JsonElement value)
    {
        (key, value) = (default, default);
        if (item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 2)
        {
            (key, value) = (item[0], item[1]);
            return true;
        }

        return item.ValueKind == JsonValueKind.Object && item.EnumerateObject().Count() == 2 && item.TryGetProperty(KeyName, out key) && item.TryGetProperty(ValueName, out value);
    }

    private JsonMisfit? Text(string? text)
    {
        writer.WriteStringValue(text);
        return null;
    }

    private static JsonMisfit Misfit(JsonElement value, string reason) => new("", value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), reason);
}

/// <summary>A part of a value in JSON that a column cannot hold.</summary>
/// <param name="Path">From the column to it: <c>.value.id</c>; empty for all of the value.</param>
/// <param name="Text">The part.</param>
/// <param name="Reason">What is wrong with it, behind the text in a sentence.</param>
internal sealed record JsonMisfit(string Path, string Text, string Reason)
{
    /// <summary>The same, one step further away.</summary>
    public JsonMisfit Behind(string step) => this with { Path = $".{step}{Path}" };

    /// <summary>The sentence, for a column of a name.</summary>
    public string Sentence(string column) => $"column '{column}{Path}': '{FitTest.Shown(Text)}' {Reason}";
}
