using System.Text.Json;
using System.Text.Unicode;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>Reads Avro schemas from JSON ("Schema Declaration"): named types, namespaces, unions in any order, recursion, unknown attributes.</summary>
public sealed class AvroSchemaParser
{
    private const int MaxDepth = 256;
    private const int MaxFixedBytes = 1 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    private readonly Dictionary<string, AvroNamed> _named = new(StringComparer.Ordinal);

    private AvroSchemaParser()
    {
    }

    /// <summary>Parses a schema.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <exception cref="TarnException">DataCorrupted when it is no valid schema; the message names the element.</exception>
    public static AvroSchema Parse(ReadOnlyMemory<byte> json)
    {
        // Checked at once, because text that is read lazily would fail later and elsewhere.
        if (!Utf8.IsValid(json.Span))
            throw TarnException.Corrupted("An Avro schema is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return new AvroSchemaParser().Parse(document.RootElement.Clone(), "");
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException)
        {
            throw TarnException.Corrupted($"An Avro schema is not valid JSON: {JsonDefect.Explain(json.Span, damage, MaxDepth)}.", damage);
        }
    }

    /// <summary>Parses a schema from text.</summary>
    /// <exception cref="TarnException">As for <see cref="Parse(ReadOnlyMemory{byte})"/>.</exception>
    public static AvroSchema Parse(string json) => Parse(System.Text.Encoding.UTF8.GetBytes(json));

    private AvroSchema Parse(JsonElement json, string space) => json.ValueKind switch
    {
        JsonValueKind.String => ParseName(json.GetString()!, space, null),
        JsonValueKind.Array => ParseUnion(json, space),
        JsonValueKind.Object => ParseObject(json, space),
        _ => throw Invalid($"a type is {json.ValueKind}", json),
    };

    private AvroSchema ParseName(string name, string space, IReadOnlyDictionary<string, JsonElement>? attributes)
    {
        if (Primitive(name) is { } primitive)
            return new AvroPrimitive(primitive, attributes);
        if (_named.TryGetValue(FullName(name, space), out var named) || _named.TryGetValue(name, out named))
            return named;
        throw TarnException.Corrupted($"An Avro schema refers to type '{name}', which it does not define before.");
    }

    private AvroUnion ParseUnion(JsonElement json, string space)
    {
        var branches = new List<AvroSchema>();
        foreach (var branch in json.EnumerateArray())
        {
            if (branch.ValueKind == JsonValueKind.Array)
                throw Invalid("a union holds a union", json);
            branches.Add(Parse(branch, space));
        }

        return new AvroUnion(branches);
    }

    private AvroSchema ParseObject(JsonElement json, string space)
    {
        var type = Member(json, "type");
        if (type.ValueKind != JsonValueKind.String)
            return Parse(type, space);
        string name = type.GetString()!;
        switch (name)
        {
            case "record" or "error":
                return ParseRecord(json, space);
            case "enum":
                var symbols = Member(json, "symbols").EnumerateArray().Select(s => s.GetString() ?? throw Invalid("a symbol is null", json));
                return Define(new AvroEnum(FullName(json, space), [.. symbols], Attributes(json, "type", "name", "namespace", "symbols")));
            case "fixed":
                return Define(new AvroFixed(FullName(json, space), FixedSize(json), Attributes(json, "type", "name", "namespace", "size")));
            case "array":
                return new AvroArray(Parse(Member(json, "items"), space), Attributes(json, "type", "items"));
            case "map":
                return new AvroMap(Parse(Member(json, "values"), space), Attributes(json, "type", "values"));
            default:
                return ParseName(name, space, Attributes(json, "type"));
        }
    }

    private AvroRecord ParseRecord(JsonElement json, string space)
    {
        string fullName = FullName(json, space);
        var record = Define(new AvroRecord(fullName, Attributes(json, "type", "name", "namespace", "fields")));
        string inner = fullName.LastIndexOf('.') is >= 0 and int dot ? fullName[..dot] : "";
        var fields = new List<AvroField>();
        foreach (var field in Member(json, "fields").EnumerateArray())
        {
            string name = Text(field, "name");
            JsonElement? fallback = field.TryGetProperty("default", out var value) ? value : null;
            fields.Add(new AvroField(name, Parse(Member(field, "type"), inner), fallback, Attributes(field, "name", "type", "default")));
        }

        record.Fields = fields;
        return record;
    }

    private T Define<T>(T type)
        where T : AvroNamed
    {
        // Some writers repeat a definition (Iceberg's own anonymous fixed types); the latest is the one that follows refer to.
        _named[type.FullName] = type;
        return type;
    }

    private static AvroType? Primitive(string name) => name switch
    {
        "null" => AvroType.Null,
        "boolean" => AvroType.Boolean,
        "int" => AvroType.Int,
        "long" => AvroType.Long,
        "float" => AvroType.Float,
        "double" => AvroType.Double,
        "bytes" => AvroType.Bytes,
        "string" => AvroType.String,
        _ => null,
    };

    private static string FullName(JsonElement json, string space)
    {
        string name = Text(json, "name");
        string outer = json.TryGetProperty("namespace", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString()! : space;
        return FullName(name, outer);
    }

    private static string FullName(string name, string space) => name.Contains('.') || space.Length == 0 ? name : $"{space}.{name}";

    private static int FixedSize(JsonElement json) =>
        Member(json, "size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt32(out int bytes) && bytes is >= 0 and <= MaxFixedBytes
            ? bytes
            : throw Invalid($"a fixed has no size from 0 to {MaxFixedBytes}", json);

    private static string Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Invalid($"'{name}' is no text", json);

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : throw Invalid($"'{name}' is missing", json);

    private static Dictionary<string, JsonElement> Attributes(JsonElement json, params ReadOnlySpan<string> known)
    {
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                attributes[member.Name] = member.Value;
        }

        return attributes;
    }

    private static TarnException Invalid(string reason, JsonElement json)
    {
        string text = json.GetRawText();
        return TarnException.Corrupted($"An Avro schema is not valid: {reason} in {(text.Length > 200 ? text[..200] + "…" : text)}");
    }
}
