using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Core.Values;
using Tarn.DuckDb.Types;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Values of the engine in the canonical form of the fixtures (README of the fixture tables), as JSON nodes.</summary>
internal static class CanonicalRow
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A row as comparable text: numbers by value.</summary>
    public static string Text(Schema schema, IReadOnlyList<object?> values) => Text(Row(schema, values));

    /// <summary>A row in exactly the fixtures' canonical form.</summary>
    public static string Exact(Schema schema, IReadOnlyList<object?> values) => CanonicalText.Of(Row(schema, values));

    private static JsonObject Row(Schema schema, IReadOnlyList<object?> values)
    {
        var row = new JsonObject();
        foreach (var (i, field) in schema.Fields.Index())
            row.Add(field.Name, Node(field.Type, values[i]));
        return row;
    }

    /// <summary>An expected line as comparable text.</summary>
    public static string Text(Schema schema, string line) => Text(VariantForm.Expected(schema.Struct, JsonNode.Parse(line)));

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject o => $"{{{string.Join(",", o.Select(p => JsonSerializer.Serialize(p.Key, Plain) + ":" + Text(p.Value)))}}}",
        JsonArray a => $"[{string.Join(",", a.Select(Text))}]",
        JsonValue v when v.GetValueKind() == JsonValueKind.Number => double.Parse(v.ToJsonString(), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ => node.ToJsonString(Plain),
    };

    private static JsonNode? Node(IcebergType type, object? value) => value is null ? null : type switch
    {
        StructType s => Struct(s, (KeyValuePair<string, object?>[])value),
        ListType l => new JsonArray([.. ((object?[])value).Select(v => Node(l.Element.Type, v))]),
        MapType m => Map(m, (KeyValuePair<object, object?>[])value),
        _ => Leaf(type, value),
    };

    private static JsonObject Struct(StructType type, KeyValuePair<string, object?>[] values)
    {
        var result = new JsonObject();
        foreach (var (i, field) in type.Fields.Index())
            result.Add(field.Name, Node(field.Type, values[i].Value));
        return result;
    }

    private static JsonArray Map(MapType type, KeyValuePair<object, object?>[] entries) =>
        new([.. entries.Select(e => (JsonNode)new JsonArray(Node(type.Key.Type, e.Key), Node(type.Value.Type, e.Value))).OrderBy(e => e[0]!.ToJsonString(Plain), StringComparer.Ordinal)]);

    private static JsonNode Leaf(IcebergType type, object value) => (type.Id, value) switch
    {
        (TypeId.Boolean, bool b) => b,
        (TypeId.Int, int i) => i,
        (TypeId.Long, long l) => l.ToString(CultureInfo.InvariantCulture),
        (TypeId.Float, float f) => Floating(f),
        (TypeId.Double, double d) => Floating(d),
        (TypeId.Decimal, Decimal38 d) => d.ToString(),
        (TypeId.Date, int days) => IsoText.Date(days),
        (TypeId.Time, long micros) => IsoText.Time(micros, 6),
        (TypeId.Timestamp or TypeId.TimestampTz, DuckDbTimestamp t) => IsoText.Timestamp(t.Value, 6, false) + (type.Id == TypeId.TimestampTz ? "Z" : ""),
        (TypeId.TimestampNs or TypeId.TimestampTzNs, DuckDbTimestamp t) => IsoText.Timestamp(t.Value, 9, false) + (type.Id == TypeId.TimestampTzNs ? "Z" : ""),
        (TypeId.String, string s) => s,
        (TypeId.Uuid, Guid g) => g.ToString(),
        (TypeId.Variant, string json) => VariantForm.Actual(json),
        (TypeId.Binary or TypeId.Fixed, byte[] bytes) => Convert.ToHexStringLower(bytes),
        _ => throw new InvalidOperationException($"{value.GetType().Name} for {type}"),
    };

    private static JsonNode Floating(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "Infinity" : double.IsNegativeInfinity(value) ? "-Infinity" : JsonValue.Create(value);
}
