using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>
/// Variants in one form: those of the fixtures, <c>[type, value]</c>, and those of the engine, JSON. Numbers are compared by their text; the array
/// around the value tells the null of a variant from NULL.
/// </summary>
internal static class VariantForm
{
    /// <summary>The engine's JSON.</summary>
    public static JsonArray Actual(string json) => new(Comparable(JsonNode.Parse(json)));

    /// <summary>One variant of the fixtures.</summary>
    public static JsonArray Expected(JsonArray typed) => new(Value(typed));

    /// <summary>A value of the fixtures with its variants in the common form.</summary>
    public static JsonNode? Expected(IcebergType type, JsonNode? node) => (type, node) switch
    {
        (_, null) => null,
        ({ Id: TypeId.Variant }, JsonArray typed) => Expected(typed),
        (StructType s, JsonObject o) => new JsonObject(s.Fields.Select(f => KeyValuePair.Create(f.Name, Expected(f.Type, o[f.Name])))),
        (ListType l, JsonArray a) => new JsonArray([.. a.Select(e => Expected(l.Element.Type, e))]),
        (MapType m, JsonArray a) => new JsonArray([.. a.Select(e => (JsonNode)new JsonArray(Expected(m.Key.Type, e![0]), Expected(m.Value.Type, e[1])))]),
        _ => node.DeepClone(),
    };

    private static JsonNode? Value(JsonArray typed) => (typed[0]!.GetValue<string>(), typed[1]) switch
    {
        ("null", _) => null,
        ("boolean", var flag) => flag!.DeepClone(),
        ("float", { } number) => Floating(number, d => JsonSerializer.Serialize((float)d)),
        ("double", { } number) => Floating(number, d => JsonSerializer.Serialize(d)),
        ("binary", { } hex) => System.Convert.ToBase64String(System.Convert.FromHexString(hex.GetValue<string>())),
        ("array", JsonArray items) => new JsonArray([.. items.Select(i => Value((JsonArray)i!))]),
        ("object", JsonObject fields) => new JsonObject(fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, Value((JsonArray)f.Value!)))),
        (var type, { } text) when type.StartsWith("int", StringComparison.Ordinal) || type.StartsWith("decimal", StringComparison.Ordinal) => $"number {text.GetValue<string>()}",
        (_, var text) => text!.DeepClone(),
    };

    private static JsonNode Floating(JsonNode number, Func<double, string> text) =>
        number.GetValueKind() == JsonValueKind.String ? number.DeepClone() : $"number {text(double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture))}";

    private static JsonNode? Comparable(JsonNode? node) => node switch
    {
        null => null,
        JsonArray a => new JsonArray([.. a.Select(Comparable)]),
        JsonObject o => new JsonObject(o.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, Comparable(f.Value)))),
        _ when node.GetValueKind() == JsonValueKind.Number => $"number {node.ToJsonString()}",
        _ => node.DeepClone(),
    };
}
