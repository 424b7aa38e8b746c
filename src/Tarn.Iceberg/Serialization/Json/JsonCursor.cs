using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>A JSON value with its place. Every accessor throws a <see cref="TarnException"/> that names document, field and value.</summary>
internal readonly struct JsonCursor(JsonElement element, JsonPlace place)
{
    private const int ShownCharacters = 100;

    public JsonElement Element { get; } = element;

    public JsonPlace Place { get; } = place;

    /// <summary>This value, which must be an object.</summary>
    public JsonCursor AsObject() => Element.ValueKind == JsonValueKind.Object ? this : throw Expected("an object");

    /// <summary>True when the property is there and not null.</summary>
    public bool Has(string name) => Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The property, which must be there and not null.</summary>
    public JsonCursor Required(string name) => Optional(name) ?? throw Place.Error($"required field '{name}' is missing");

    /// <summary>The property; null when absent or null.</summary>
    public JsonCursor? Optional(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonCursor(value, Place.Property(name)) : null;

    public string String(string name) => Required(name).AsString();

    public string? OptionalString(string name) => Optional(name)?.AsString();

    public int Int(string name) => Required(name).AsInt();

    public int? OptionalInt(string name) => Optional(name)?.AsInt();

    public long Long(string name) => Required(name).AsLong();

    public long? OptionalLong(string name) => Optional(name)?.AsLong();

    public bool Bool(string name) => Required(name).AsBool();

    public Guid Guid(string name) => Required(name).AsGuid();

    /// <summary>The array; empty when the property is absent or null.</summary>
    public ImmutableList<T> OptionalList<T>(string name, Func<JsonCursor, T> read) => Optional(name) is { } list ? list.AsList(read) : [];

    public ImmutableList<T> List<T>(string name, Func<JsonCursor, T> read) => Required(name).AsList(read);

    /// <summary>The string map; empty when the property is absent or null.</summary>
    public ImmutableSortedDictionary<string, string> OptionalStringMap(string name) => Optional(name)?.AsStringMap() ?? StringMap.Empty;

    public string AsString()
    {
        if (Element.ValueKind != JsonValueKind.String)
            throw Expected("a string");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Place.Error("the string is not valid Unicode", e);
        }
    }

    public int AsInt() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) ? value : throw Expected("a 32-bit integer");

    public long AsLong() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out long value) ? value : throw Expected("a 64-bit integer");

    public bool AsBool() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    public Guid AsGuid() => System.Guid.TryParseExact(AsString(), "D", out var value) ? value : throw Expected("a UUID");

    public ImmutableList<T> AsList<T>(Func<JsonCursor, T> read)
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Expected("an array");
        var list = ImmutableList.CreateBuilder<T>();
        foreach (var item in Element.EnumerateArray())
            list.Add(read(new JsonCursor(item, Place.Element(list.Count))));
        return list.ToImmutable();
    }

    public ImmutableSortedDictionary<string, string> AsStringMap()
    {
        var map = StringMap.Empty.ToBuilder();
        foreach (var (name, value) in Properties())
            map[name] = value.AsString();
        return map.ToImmutable();
    }

    /// <summary>All properties of this object in their order.</summary>
    public IEnumerable<(string Name, JsonCursor Value)> Properties()
    {
        AsObject();
        foreach (var property in Element.EnumerateObject())
        {
            string name = NameOf(property);
            yield return (name, new JsonCursor(property.Value, Place.Property(name)));
        }
    }

    /// <summary>The properties that are not in <paramref name="known"/>, detached from the document.</summary>
    public ImmutableDictionary<string, JsonElement> Unknown(FrozenSet<string> known)
    {
        var unknown = ImmutableDictionary<string, JsonElement>.Empty;
        foreach (var property in Element.EnumerateObject())
        {
            string name = NameOf(property);
            if (!known.Contains(name))
                unknown = unknown.SetItem(name, property.Value.Clone());
        }

        return unknown;
    }

    /// <summary>The error that this value is not what it must be.</summary>
    public TarnException Expected(string what) => Place.Error($"expected {what}, found {Shown()}");

    /// <summary>The value as text for a message, shortened.</summary>
    public string Shown()
    {
        string text = Element.GetRawText();
        return text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
    }

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw Place.Error("a property name is not valid Unicode", e);
        }
    }
}
