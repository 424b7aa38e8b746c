using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.DuckDb.Writing;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>One JSON object a line: columns by name without regard to case, missing ones null, others ignored. A value of another kind than its column's is damage.</summary>
/// <param name="wanted">The wanted columns.</param>
internal sealed class JsonLineDecoder(IReadOnlyList<LineColumn> wanted) : ILineDecoder
{
    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> line, DuckDbChunkWriter output, int row)
    {
        using var document = Parse(line);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw TarnException.Corrupted("it is no JSON object");
        foreach (var column in wanted)
            column.Write(output, row, Find(document.RootElement, column.Field.Name) is { } found ? Value(column.Type, column.Field, found) : null);
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonDefect.FindInTexts(line) is { } defect ? throw NoObject(defect) : JsonDocument.Parse(line.ToArray());
        }
        catch (JsonException error)
        {
            throw NoObject(JsonDefect.Find(line), error);
        }
    }

    // The line itself is named by whoever reads the file.
    private static TarnException NoObject(JsonDefect? defect, Exception? cause = null) => TarnException.Corrupted($"it is no JSON object: {defect?.Problem}, at byte {defect?.Column}", cause);

    private static JsonElement? Find(JsonElement record, string name)
    {
        JsonElement? found = null;
        foreach (var property in record.EnumerateObject())
        {
            if (!property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            found = found is null ? property.Value : throw TarnException.Corrupted($"it has '{name}' twice");
        }

        return found;
    }

    private static object? Value(HiveType type, NestedField field, JsonElement value) => (field.Type, value.ValueKind) switch
    {
        (_, JsonValueKind.Null) => null,
        (StructType record, JsonValueKind.Object) => record.Fields.Select((f, i) => Find(value, f.Name) is { } found ? Value(type.Children[i].Type, f, found) : null).ToArray(),
        (ListType list, JsonValueKind.Array) => value.EnumerateArray().Select(item => Value(type.Children[0].Type, list.Element, item)).ToArray(),
        (MapType map, JsonValueKind.Object) => Map(type, map, field, value),
        ({ Id: TypeId.String }, JsonValueKind.String) => value.GetString(),
        ({ Id: TypeId.String }, JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) => value.GetRawText(),
        ({ Id: TypeId.Boolean }, JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
        ({ Id: TypeId.Int or TypeId.Long or TypeId.Float or TypeId.Double or TypeId.Decimal }, JsonValueKind.Number) => Text(type, field, value.GetRawText()),
        ({ Id: TypeId.Date or TypeId.Timestamp }, JsonValueKind.String) => Text(type, field, value.GetString()!),
        _ => throw Misfit(field, value.GetRawText()),
    };

    // Keys of JSON are text, whatever the keys of the map are.
    private static object?[] Map(HiveType type, MapType map, NestedField field, JsonElement value)
    {
        var entries = new List<object?>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (!known.Add(property.Name))
                throw TarnException.Corrupted($"the map '{field.Name}' has the key '{property.Name}' twice");
            entries.Add(new[] { Text(type.Children[0].Type, map.Key, property.Name), Value(type.Children[1].Type, map.Value, property.Value) });
        }

        return [.. entries];
    }

    private static object Text(HiveType type, NestedField field, string text)
    {
        bool isWhole = type.Name is "tinyint" or "smallint" or "int" or "integer" or "bigint";
        return (isWhole && text.Contains('.', StringComparison.Ordinal) ? null : HiveText.Value(type, field.Type, text)) ?? throw Misfit(field, text);
    }

    private static TarnException Misfit(NestedField field, string text)
    {
        const int most = 60;
        return TarnException.Corrupted($"'{(text.Length > most ? text[..most] + "…" : text)}' is no value of column '{field.Name}', which is a {field.Type}");
    }
}
