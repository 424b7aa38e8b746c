using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Catalog.Rest.Errors;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Requests;

/// <summary>A value in the body of a request, with the place where it stands; every mistake is a BadRequestException that names it.</summary>
/// <param name="json">The value.</param>
/// <param name="place">Where it stands, e.g. <c>identifier.namespace</c>; empty for the whole.</param>
internal readonly struct RestBody(JsonElement json, string place)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = RestLimits.JsonDepth, AllowDuplicateProperties = false };

    /// <summary>The value as it came.</summary>
    public JsonElement Json => json;

    /// <summary>Where it stands.</summary>
    public string Place => place.Length == 0 ? "request body" : place;

    /// <summary>Reads a body.</summary>
    /// <exception cref="RestException">It is not a JSON object whose texts are Unicode.</exception>
    public static RestBody Parse(ReadOnlyMemory<byte> body)
    {
        // The parser compares names and would fail over one that is no Unicode.
        if (JsonDefect.FindInTexts(body.Span, RestLimits.JsonDepth) is { } defect)
            throw RestException.BadRequest($"The request body is not JSON: {defect}.");
        try
        {
            // Elements outlive the document: the parsed model keeps some of them.
            using var document = JsonDocument.Parse(body, s_options);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object ? new RestBody(root, "") : throw RestException.BadRequest($"The request body is a JSON {root.ValueKind}; an object is expected.");
        }
        catch (JsonException error)
        {
            throw new RestException(RestError.BadRequest, $"The request body is not JSON: {JsonDefect.Find(body.Span, RestLimits.JsonDepth, allowDuplicates: false)}.", error);
        }
    }

    /// <summary>A field, or null when it is absent or null.</summary>
    public RestBody? Optional(string name) =>
        AsObject().Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new RestBody(value, place.Length == 0 ? name : $"{place}.{name}") : null;

    /// <summary>A field that must be there.</summary>
    public RestBody Required(string name) => Optional(name) ?? throw RestException.BadRequest($"{Place}: the field '{name}' is missing.");

    /// <summary>A text that must be there and not be empty.</summary>
    public string Text(string name) => Required(name).AsText() is { Length: > 0 } text ? text : throw RestException.BadRequest($"{Place}: the field '{name}' is empty.");

    /// <summary>A truth value; false when absent.</summary>
    public bool Flag(string name) => Optional(name) is { } value && (value.Json.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.Json.GetBoolean() : throw value.Expected("true or false"));

    public string AsText() => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Expected("a string");

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<RestBody> AsList()
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw Expected("an array");
        string at = place;
        return [.. json.EnumerateArray().Select((value, i) => new RestBody(value, $"{at}[{i}]"))];
    }

    /// <summary>An object whose values are strings.</summary>
    public ImmutableSortedDictionary<string, string> AsStringMap()
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var property in AsObject().Json.EnumerateObject())
            map[property.Name] = new RestBody(property.Value, $"{place}.{property.Name}").AsText();
        return map.ToImmutable();
    }

    /// <summary>An array of levels.</summary>
    public Namespace AsNamespace()
    {
        var name = new Namespace([.. AsList().Select(level => level.AsText())]);
        return name.IsRoot || name.Levels.Any(l => l.Length == 0) ? throw Expected("the levels of a namespace, none of them empty") : name;
    }

    /// <summary><c>{"namespace":[…],"name":"…"}</c>.</summary>
    public TableIdentifier AsIdentifier() => new(Required("namespace").AsNamespace(), Text("name"));

    private RestBody AsObject() => json.ValueKind == JsonValueKind.Object ? this : throw Expected("an object");

    private RestException Expected(string what) => RestException.BadRequest($"{Place} is a JSON {json.ValueKind}; {what} is expected.");
}
