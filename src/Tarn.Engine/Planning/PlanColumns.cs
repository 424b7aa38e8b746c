using System.Text.Json;
using Tarn.Engine.Functions;

namespace Tarn.Engine.Planning;

/// <summary>
/// Follows a position in a serialized plan down to the column of a relation, through steps that keep rows as they are: projections, filters, and the lookup
/// that the engine makes of a long IN list.
/// </summary>
internal static class PlanColumns
{
    /// <summary>What stands at the position of the node's output: a column of a relation, the outcome of an IN list, or null for anything else.</summary>
    public static PlanColumn? Find(JsonElement node, int index)
    {
        EngineJson.RequireStack();
        return Type(node) switch
        {
            "LOGICAL_GET" => Relation(node, index),
            "LOGICAL_PROJECTION" => At(node, "expressions", index) is { } expression && Position(expression) is { } below ? Find(Child(node), below) : null,
            "LOGICAL_FILTER" => Find(Child(node), Mapped(node, "projection_map", index)),
            "LOGICAL_COMPARISON_JOIN" when IsLookup(node) && Width(node, "left_projection_map", Child(node)) is { } width => index < width
                ? Find(Child(node), Mapped(node, "left_projection_map", index))
                : index == width ? InList(node) : null,
            _ => null,
        };
    }

    /// <summary>The position that an expression names; null when it computes something.</summary>
    public static int? Position(JsonElement expression) =>
        expression.GetProperty("expression_class").ValueEquals("BOUND_REF") ? expression.GetProperty("index").GetInt32() : null;

    /// <summary>The relation that the node is, if it is one.</summary>
    public static bool IsRelation(JsonElement node) =>
        Type(node) == "LOGICAL_GET" && node.TryGetProperty("name", out var name) && name.GetString()!.StartsWith(RelationRegistry.FunctionName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of the relation whose rows the node gives, some of them or all; null when it gives others.</summary>
    public static string? RelationOf(JsonElement node)
    {
        EngineJson.RequireStack();
        return Type(node) switch
        {
            "LOGICAL_GET" => IsRelation(node) ? node.GetProperty("name").GetString() : null,
            "LOGICAL_PROJECTION" or "LOGICAL_FILTER" => RelationOf(Child(node)),
            "LOGICAL_COMPARISON_JOIN" when IsLookup(node) => RelationOf(Child(node)),
            _ => null,
        };
    }

    private static PlanColumn? Relation(JsonElement node, int index)
    {
        if (!IsRelation(node) || At(node, "column_indexes", Mapped(node, "projection_ids", index)) is not { } column || !column.GetProperty("index_type").ValueEquals("FULL_READ"))
            return null;
        // Row numbers and the like lie beyond the columns.
        return column.GetProperty("index").TryGetInt32(out int ordinal) && At(node, "names", ordinal) is { } name ? new PlanColumn(name.GetString()!, null) : null;
    }

    /// <summary>Whether the node only adds to each row whether a value of it is in a list.</summary>
    public static bool IsLookup(JsonElement node) =>
        Type(node) == "LOGICAL_COMPARISON_JOIN" && node.GetProperty("join_type").ValueEquals("MARK") && Type(node.GetProperty("children")[1]) == "LOGICAL_CHUNK_GET";

    // column = any of the values of a list; null when something else is looked up.
    private static PlanColumn? InList(JsonElement join)
    {
        var conditions = join.GetProperty("conditions");
        if (conditions.GetArrayLength() != 1 || !conditions[0].TryGetProperty("comparison", out var comparison) || !comparison.ValueEquals("COMPARE_EQUAL"))
            return null;
        var columns = join.GetProperty("children")[1].GetProperty("collection").GetProperty("values");
        return columns.GetArrayLength() == 1 && Position(conditions[0].GetProperty("left")) is { } position && Position(conditions[0].GetProperty("right")) == 0
            && Find(Child(join), position) is { Values: null } column ? column with { Values = columns[0] } : null;
    }

    private static int? Width(JsonElement node)
    {
        EngineJson.RequireStack();
        return Type(node) switch
        {
            "LOGICAL_GET" when node.GetProperty("projection_ids").GetArrayLength() is var projected and > 0 => projected,
            "LOGICAL_GET" => node.GetProperty("column_indexes").GetArrayLength(),
            "LOGICAL_PROJECTION" => node.GetProperty("expressions").GetArrayLength(),
            "LOGICAL_FILTER" => Width(node, "projection_map", Child(node)),
            "LOGICAL_COMPARISON_JOIN" when IsLookup(node) => Width(node, "left_projection_map", Child(node)) + 1,
            _ => null,
        };
    }

    private static int? Width(JsonElement node, string map, JsonElement child) =>
        node.TryGetProperty(map, out var positions) && positions.GetArrayLength() is var mapped and > 0 ? mapped : Width(child);

    // An empty map leaves every position as it is.
    private static int Mapped(JsonElement node, string map, int index) => node.TryGetProperty(map, out var positions) && positions.GetArrayLength() > 0
        ? index < positions.GetArrayLength() ? positions[index].GetInt32() : -1
        : index;

    private static JsonElement? At(JsonElement node, string property, int index) =>
        node.TryGetProperty(property, out var items) && index >= 0 && index < items.GetArrayLength() ? items[index] : null;

    private static JsonElement Child(JsonElement node) => node.GetProperty("children")[0];

    private static string Type(JsonElement node) => node.GetProperty("type").GetString()!;
}

/// <summary>What a position in a plan stands for.</summary>
/// <param name="Name">The relation's column.</param>
/// <param name="Values">Not the column but whether it equals one of these values; null for the column itself.</param>
internal sealed record PlanColumn(string Name, JsonElement? Values);
