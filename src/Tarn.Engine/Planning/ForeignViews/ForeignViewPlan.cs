using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>
/// The types in a view, seen in the engine's plan before the optimizer changes it. Everything in the plan is looked at and must be known; of a column that
/// is only passed on the type does not matter.
/// </summary>
/// <param name="view">The view.</param>
/// <param name="literals">Texts that it says.</param>
/// <param name="untypedLiterals">Those of them without a type before them.</param>
internal sealed class ForeignViewPlan(ForeignView view, IReadOnlySet<string> literals, IReadOnlySet<string> untypedLiterals)
{
    // Floating point numbers are not here: NaN equals nothing in Trino, and Spark skips files by comparing it otherwise; -0.0 is less than 0.0 to Iceberg's readers.
    private static readonly FrozenSet<string> s_comparable = new[] { "BOOLEAN", "INTEGER", "BIGINT", "VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" }.ToFrozenSet();

    private static readonly FrozenSet<string> s_relations = new[]
    {
        "PROJECTION", "FILTER", "DUMMY_SCAN", "EXPRESSION_GET", "AGGREGATE_AND_GROUP_BY", "DISTINCT", "ORDER_BY", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "COMPARISON_JOIN", "DELIM_JOIN",
        "ANY_JOIN", "CROSS_PRODUCT", "DELIM_GET", "CTE_REF", "MATERIALIZED_CTE", "EMPTY_RESULT",
    }.Select(n => $"LOGICAL_{n}").ToFrozenSet();

    private readonly ForeignViewCasts casts = new(view, untypedLiterals);
    private ForeignViewFunctions functions = new(view, new DecimalDigits(false));

    /// <summary>Refuses a view whose star gives other columns than those that it declares: the table has changed since.</summary>
    /// <exception cref="TarnException">Unsupported.</exception>
    public static void RequireNames(ForeignView view, string stood, IReadOnlyList<NestedField> columns, DuckDbConnection connection)
    {
        try
        {
            if (ViewStars.Change(stood, [.. columns.Select(c => c.Name)], mayGrow: false, name => name, connection) is { } change)
                throw view.Refused(change);
        }
        catch (DuckDbException refused)
        {
            throw view.Refused(refused.Message);
        }
    }

    /// <summary>Plans a query and looks at it.</summary>
    /// <exception cref="TarnException">Unsupported: the engine refuses it, or types meet that are treated differently.</exception>
    public void Check(string query, DuckDbConnection connection)
    {
        using var plan = EngineJson.Parse((string)connection.Scalar($"SELECT json_serialize_plan({EngineSql.String($"SELECT * FROM {query}")}, optimize := false)")!);
        if (plan.RootElement.GetProperty("error").GetBoolean())
            throw view.Refused(plan.RootElement.GetProperty("error_message").GetString()!);
        var plans = plan.RootElement.GetProperty("plans");
        functions = new ForeignViewFunctions(view, new DecimalDigits(DecimalDigits.StopsIn(plans)));
        Walk(plans, default);
    }

    private void Walk(JsonElement node, JsonElement around)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Walk(item, around);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            bool isExpression = node.TryGetProperty("expression_class", out var kind);
            if (isExpression)
                CheckExpression(node, kind.GetString()!, around);
            else if (EngineJson.Text(node, "type").StartsWith("LOGICAL_", StringComparison.Ordinal))
                CheckRelation(node);
            else if (node.TryGetProperty("comparison", out _))
                CheckCondition(node);
            WalkParts(node, isExpression ? node : around);
        }
    }

    private void WalkParts(JsonElement node, JsonElement around)
    {
        // Texts of the engine's own: an error where a subquery has two rows, the name of a field.
        string name = EngineJson.Text(node, "name");
        if (name is "error" or "struct_extract")
        {
            Walk(name == "error" ? default : node.GetProperty("children")[0], node);
            return;
        }

        foreach (var property in node.EnumerateObject())
        {
            if (property.Name is not ("function_data" or "return_type" or "arguments" or "original_arguments"))
                Walk(property.Value, around);
        }
    }

    private void CheckRelation(JsonElement node)
    {
        string type = EngineJson.Text(node, "type");
        if (!s_relations.Contains(type))
            throw view.Refused(type);
        if (type == "LOGICAL_AGGREGATE_AND_GROUP_BY")
            RequireComparable("GROUP BY", node.GetProperty("groups"));
        if (type == "LOGICAL_DISTINCT")
            RequireComparable("DISTINCT, or a set operation,", node.GetProperty("distinct_targets"));
        if (type == "LOGICAL_DISTINCT" && EngineJson.Text(node, "distinct_type") != "DISTINCT")
            throw view.Refused("DISTINCT ON");
        if (type is "LOGICAL_EXCEPT" or "LOGICAL_INTERSECT" && node.GetProperty("setop_all").GetBoolean())
            throw view.Refused($"{type["LOGICAL_".Length..]} ALL");
        if (type == "LOGICAL_ORDER_BY")
        {
            foreach (var order in node.GetProperty("orders").EnumerateArray())
                RequireComparable("ORDER BY", order.GetProperty("expression"));
        }
    }

    private void CheckCondition(JsonElement node)
    {
        RequireComparable("a join on", node.GetProperty("left"));
        RequireComparable("a join on", node.GetProperty("right"));
    }

    private void CheckExpression(JsonElement node, string kind, JsonElement around)
    {
        switch (kind)
        {
            case "BOUND_REF" or "BOUND_CONJUNCTION" or "BOUND_CASE":
                break;
            case "BOUND_CONSTANT":
                RequireLiteral(node);
                break;
            case "BOUND_CAST":
                casts.Check(node, around);
                break;
            case "BOUND_COMPARISON":
                RequireComparable(BoundWords.Of(node), node.GetProperty("left"));
                RequireComparable(BoundWords.Of(node), node.GetProperty("right"));
                break;
            case "BOUND_BETWEEN":
                RequireComparable("BETWEEN", node.GetProperty("input"));
                break;
            case "BOUND_OPERATOR" when EngineJson.Text(node, "type") is "COMPARE_IN" or "COMPARE_NOT_IN":
                RequireComparable(BoundWords.Of(node), node.GetProperty("children"));
                break;
            case "BOUND_OPERATOR" when EngineJson.Text(node, "type") is "OPERATOR_NOT" or "OPERATOR_IS_NULL" or "OPERATOR_IS_NOT_NULL" or "OPERATOR_COALESCE":
                break;
            case "BOUND_FUNCTION":
                functions.Check(node);
                break;
            case "BOUND_AGGREGATE":
                functions.CheckAggregate(node);
                if (EngineJson.Text(node, "aggregate_type") == "DISTINCT" || EngineJson.Text(node, "name") is "min" or "max")
                    RequireComparable(BoundWords.Of(node), node.GetProperty("children"));
                break;
            default:
                throw view.Refused($"{kind} {EngineJson.Text(node, "name")}");
        }
    }

    // The binder answers some names by itself: user is one.
    private void RequireLiteral(JsonElement node)
    {
        var value = node.GetProperty("value");
        if (!value.GetProperty("is_null").GetBoolean() && value.GetProperty("value") is { ValueKind: JsonValueKind.String } text && BoundType.Of(node).Id == "VARCHAR" && !literals.Contains(text.GetString()!))
            throw view.Refused(EngineJson.Text(node, "alias") is { Length: > 0 } alias ? alias : $"a name that the engine answers by itself, with '{text}'");
    }

    private void RequireComparable(string words, JsonElement expression)
    {
        if (expression.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in expression.EnumerateArray())
                RequireComparable(words, item);
        }
        else if (BoundType.Of(expression) is { IsDecimal: false } type && !s_comparable.Contains(type.Id) && (type.Id != "HUGEINT" || view.IsSpark))
        {
            // Spark's sums of whole numbers wrap round.
            throw view.Refused($"{words} with {BoundWords.Of(expression)} of type {(type.Id == "HUGEINT" ? "BIGINT, a sum that may not fit" : type)}");
        }
    }
}
