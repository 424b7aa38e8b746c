using System.Globalization;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>SQL that builds a value with others inside of it anew, because some of these are text that no cast turns into the type of the table.</summary>
internal static class InnerValue
{
    /// <summary>Whether no cast does it: text stands for bytes, or a list for a map.</summary>
    public static bool IsNeeded(IcebergType source, IcebergType target) => (source, target) switch
    {
        (StructType s, StructType t) => t.Fields.Any(f => s.FieldOfAnyCase(f.Name) is { } other && IsNeeded(other.Type, f.Type)),
        (ListType s, ListType t) => IsNeeded(s.Element.Type, t.Element.Type),
        (ListType, MapType) => true,
        (MapType s, MapType t) => IsNeeded(s.Key.Type, t.Key.Type) || IsNeeded(s.Value.Type, t.Value.Type),
        _ => source.Id == TypeId.String && target.Id == TypeId.Binary,
    };

    /// <summary>The value in the type of the table.</summary>
    /// <param name="value">Expression of the value.</param>
    /// <param name="source">Its type.</param>
    /// <param name="target">The type of the table.</param>
    public static string Convert(string value, IcebergType source, IcebergType target) => Convert(value, source, target, 0);

    private static string Convert(string value, IcebergType source, IcebergType target, int depth) => (source, target) switch
    {
        (StructType s, StructType t) => $"CASE WHEN {value} IS NOT NULL THEN struct_pack({string.Join(", ", t.Fields.Select(f => $"{EngineSql.Identifier(f.Name)} := {(s.FieldOfAnyCase(f.Name) is { } other ? Convert($"struct_extract({value}, {EngineSql.String(other.Name)})", other.Type, f.Type, depth) : $"NULL::{EngineType.Of(f.Type)}")}"))}) END",
        (ListType s, ListType t) => Items(value, depth, item => Convert(item, s.Element.Type, t.Element.Type, depth + 1)),
        (ListType s, MapType t) when MapEntries.Of(s) is { } entries => Map(value, entries, t, depth),
        (MapType s, MapType t) => Map($"map_entries({value})", new MapEntries(s.Key.Type, s.Value.Type), t, depth),
        _ when source.Id == TypeId.String => TextValue.Convert(value, target),
        _ => $"{value}::{EngineType.Of(target)}",
    };

    private static string Map(string list, MapEntries source, MapType target, int depth) =>
        $"map_from_entries({Items(list, depth, item => Entry(Convert($"{item}.key", source.Key, target.Key.Type, depth + 1), Convert($"{item}.value", source.Value, target.Value.Type, depth + 1)))})";

    private static string Entry(string key, string value) => $"struct_pack(k := {key}, v := {value})";

    private static string Items(string list, int depth, Func<string, string> of)
    {
        string item = string.Create(CultureInfo.InvariantCulture, $"__tarn_inner_{depth}");
        return $"list_transform({list}, lambda {item}: {of(item)})";
    }
}
