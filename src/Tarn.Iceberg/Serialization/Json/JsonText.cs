using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>From bytes to <see cref="JsonCursor"/> and from values to bytes, with the same limits everywhere.</summary>
internal static class JsonText
{
    /// <summary>Deepest nesting read or written; a struct in a struct costs three levels.</summary>
    public const int MaxDepth = 512;

    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = MaxDepth };

    /// <summary>Parses one document, which may start with a byte order mark.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, string document, ErrorKind kind, Func<JsonCursor, T> read)
    {
        var place = new JsonPlace(document, kind);
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        try
        {
            using var json = JsonDocument.Parse(utf8, ReadOptions);
            if (JsonDefect.FindInTexts(utf8.Span, MaxDepth) is { } defect)
                throw place.Error($"not valid JSON ({defect})");
            return read(new JsonCursor(json.RootElement, place));
        }
        catch (JsonException e)
        {
            throw place.Error($"not valid JSON ({JsonDefect.Find(utf8.Span, MaxDepth)})", e);
        }
    }

    /// <summary>A value that somebody else parsed.</summary>
    public static JsonCursor Cursor(JsonElement element, string document, ErrorKind kind) => new(element, new JsonPlace(document, kind));

    /// <summary>UTF-8 without byte order mark or insignificant white space.</summary>
    /// <param name="write">Writes the value.</param>
    /// <param name="expectedBytes">How long it will be about; it may become longer.</param>
    public static byte[] Write(Action<Utf8JsonWriter> write, int expectedBytes = 4096) => PlainJson.ToUtf8(write, expectedBytes, MaxDepth);

    public static void WriteStringMap(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> map)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    public static void WriteInts(this Utf8JsonWriter writer, string name, IEnumerable<int> values)
    {
        writer.WriteStartArray(name);
        foreach (int value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    public static void WriteList<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            write(writer, value);
        writer.WriteEndArray();
    }

    public static void WriteOptional(this Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    /// <summary>Fields kept from reading, in ordinal order so that equal values give equal bytes.</summary>
    public static void WriteUnknown(this Utf8JsonWriter writer, ImmutableDictionary<string, JsonElement> fields)
    {
        foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
