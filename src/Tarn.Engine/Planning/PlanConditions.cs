using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tarn.Engine.Planning;

/// <summary>
/// Conditions over the rows of a relation that the engine keeps further up: beside a long IN list, which it looks up like a join, and those that may fail on
/// a row, as <c>year(day) = 2026</c> may. EXPLAIN prints them in names that an inner query may have given to other columns; the serialized plan says which are meant.
/// </summary>
internal static class PlanConditions
{
    // A list of a hundred thousand values takes seconds to write down and read.
    private const int MaxValues = 10_000;

    private static readonly JsonElement s_never = JsonSerializer.SerializeToElement(new { type = "VALUE_CONSTANT", value = new { type = new { id = "BOOLEAN" }, is_null = false, value = false } });

    /// <summary>
    /// The conditions by the name of their relation, as parse trees in the names of its columns; what is not understood is a tree of type <c>UNKNOWN</c>. None of
    /// a relation that the plan reads in several places, which may have use for different rows.
    /// </summary>
    public static ILookup<string, JsonElement> Find(JsonElement plan)
    {
        var found = new List<(string Relation, JsonElement Condition)>();
        var reads = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        Collect(plan, found, reads);
        return found.Where(f => reads[f.Relation] == 1).ToLookup(f => f.Relation, f => f.Condition, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All conditions, as such trees, of a plan that selects rows of one relation; null when it does anything else.</summary>
    public static IReadOnlyList<JsonElement>? Selecting(JsonElement plan)
    {
        var found = new List<JsonElement>();
        return plan.GetArrayLength() == 1 && Selects(plan[0], found) ? found : null;
    }

    private static bool Selects(JsonElement node, List<JsonElement> found)
    {
        EngineJson.RequireStack();
        if (PlanColumns.IsRelation(node))
            return true;
        if (node.GetProperty("type").ValueEquals("LOGICAL_EMPTY_RESULT"))
        {
            found.Add(s_never);
            return true;
        }

        var children = node.GetProperty("children");
        if (node.GetProperty("type").ValueEquals("LOGICAL_FILTER"))
            found.AddRange(Conditions(node));
        else if (!node.GetProperty("type").ValueEquals("LOGICAL_PROJECTION") && !PlanColumns.IsLookup(node))
            return false;
        return Selects(children[0], found);
    }

    private static void Collect(JsonElement plan, List<(string Relation, JsonElement Condition)> found, Dictionary<string, int> reads)
    {
        EngineJson.RequireStack();
        foreach (var node in plan.EnumerateArray())
        {
            var children = node.GetProperty("children");
            if (PlanColumns.IsRelation(node) && PlanColumns.RelationOf(node) is { } read)
                reads[read] = reads.GetValueOrDefault(read) + 1;
            if (node.GetProperty("type").ValueEquals("LOGICAL_FILTER") && !PlanColumns.IsRelation(children[0]) && PlanColumns.RelationOf(children[0]) is { } relation)
                found.AddRange(Conditions(node).Select(c => (relation, c)));
            Collect(children, found, reads);
        }
    }

    private static IEnumerable<JsonElement> Conditions(JsonElement filter) =>
        filter.GetProperty("expressions").EnumerateArray().Select(e => JsonSerializer.SerializeToElement(Tree(e, filter.GetProperty("children")[0])));

    private static JsonObject Tree(JsonElement expression, JsonElement below)
    {
        EngineJson.RequireStack();
        return expression.GetProperty("expression_class").GetString() switch
        {
            "BOUND_REF" => Column(PlanColumns.Find(below, expression.GetProperty("index").GetInt32())),
            "BOUND_CONSTANT" => Constant(expression.GetProperty("value")),
            "BOUND_COMPARISON" => Comparison(expression.GetProperty("type").GetString()!, expression.GetProperty("left"), expression.GetProperty("right"), below),
            "BOUND_BETWEEN" => Node("CONJUNCTION_AND", [
                Comparison(Inclusive(expression, "lower_inclusive") ? "COMPARE_GREATERTHANOREQUALTO" : "COMPARE_GREATERTHAN", expression.GetProperty("input"), expression.GetProperty("lower"), below),
                Comparison(Inclusive(expression, "upper_inclusive") ? "COMPARE_LESSTHANOREQUALTO" : "COMPARE_LESSTHAN", expression.GetProperty("input"), expression.GetProperty("upper"), below)]),
            "BOUND_CONJUNCTION" or "BOUND_OPERATOR" => Node(expression.GetProperty("type").GetString()!, Children(expression, below)),
            // Functions of users may have any name.
            "BOUND_FUNCTION" when expression.GetProperty("catalog_name").ValueEquals("system") => Function(expression, below),
            _ => Unknown(),
        };
    }

    private static JsonObject Column(PlanColumn? column) => column switch
    {
        null => Unknown(),
        { Values: null } => Reference(column.Name),
        { Values: { } many } when many.GetArrayLength() > MaxValues => Unknown(),
        // Null among the values never makes the condition true.
        { Values: { } values } => Node("COMPARE_IN", [Reference(column.Name), .. values.EnumerateArray().Where(v => !v.GetProperty("is_null").GetBoolean()).Select(Constant)]),
    };

    private static JsonObject Function(JsonElement expression, JsonElement below)
    {
        var call = Node("FUNCTION", Children(expression, below));
        call["function_name"] = expression.GetProperty("name").GetString();
        return call;
    }

    private static JsonObject Comparison(string type, JsonElement left, JsonElement right, JsonElement below) =>
        new() { ["type"] = type, ["left"] = Tree(left, below), ["right"] = Tree(right, below) };

    private static IEnumerable<JsonObject> Children(JsonElement expression, JsonElement below) => expression.GetProperty("children").EnumerateArray().Select(c => Tree(c, below));

    private static JsonObject Node(string type, IEnumerable<JsonObject> children) => new() { ["type"] = type, ["children"] = new JsonArray([.. children]) };

    private static JsonObject Reference(string name) => new() { ["type"] = "COLUMN_REF", ["column_names"] = new JsonArray(name) };

    private static JsonObject Constant(JsonElement value) => new() { ["type"] = "VALUE_CONSTANT", ["value"] = JsonObject.Create(value) };

    private static JsonObject Unknown() => new() { ["type"] = "UNKNOWN" };

    private static bool Inclusive(JsonElement between, string end) => between.GetProperty(end).GetBoolean();
}
