using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>What a view may say at all, seen in the engine's parse tree: classes of expressions, functions, joins. Types are not known yet.</summary>
internal sealed class ForeignViewSyntax(ForeignView view)
{
    // Operators are functions of the engine's parser: ~~ is LIKE. Division is not here: of whole numbers it is whole in Trino, of decimals decimal in Spark.
    private static readonly FrozenSet<string> s_functions = new[]
    {
        "+", "-", "*", "%", "||", "~~", "!~~", "count", "count_star", "sum", "min", "max", "avg", "lower", "upper", "length", "abs", "floor", "ceil", "ceiling", "round",
        "year", "month", "day", "date_trunc", "replace", "nullif", "bool_and", "bool_or",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> s_classes = new[] { "CONSTANT", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "BETWEEN", "CASE", "FUNCTION", "STAR", "SUBQUERY", "OPERATOR", "CAST" }.ToFrozenSet();
    private static readonly FrozenSet<string> s_operators = new[] { "COMPARE_IN", "COMPARE_NOT_IN", "OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "OPERATOR_COALESCE", "OPERATOR_NULLIF" }.ToFrozenSet();
    private static readonly FrozenSet<string> s_casts = new[] { "DATE", "TIMESTAMP", "DOUBLE", "DECIMAL", "BOOLEAN", "INTEGER", "BIGINT" }.ToFrozenSet();
    private static readonly FrozenSet<string> s_relations = new[] { "TABLE_FUNCTION", "PIVOT", "SHOW_REF", "BOX_RENDERER", "LAMBDA", "RECURSIVE_CTE_NODE" }.ToFrozenSet();

    private readonly HashSet<string> literals = new(StringComparer.Ordinal), untyped = new(StringComparer.Ordinal);

    /// <summary>Texts that it says.</summary>
    public IReadOnlySet<string> Literals => literals;

    /// <summary>Those of <see cref="Literals"/> that stand somewhere without a type before them.</summary>
    public IReadOnlySet<string> UntypedLiterals => untyped;

    /// <summary>Whether its columns are those of a star, which follow the table.</summary>
    public bool SelectsAll { get; private set; }

    /// <summary>Looks at the statements of a parse tree.</summary>
    /// <exception cref="TarnException">Unsupported: it says something that is not understood.</exception>
    public void Check(JsonElement statements)
    {
        if (statements.GetArrayLength() != 1)
            throw view.Refused("several statements");
        SelectsAll = ViewStars.In(statements[0].GetProperty("node"));
        Walk(statements, false);
    }

    private void Walk(JsonElement node, bool isTyped)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Walk(item, false);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            CheckExpression(node, isTyped);
            CheckRows(node);
            foreach (var property in node.EnumerateObject())
                Walk(property.Value, EngineJson.Text(node, "class") == "CAST" && property.Name == "child");
        }
    }

    private void CheckExpression(JsonElement node, bool isTyped)
    {
        string kind = EngineJson.Text(node, "class"), type = EngineJson.Text(node, "type"), function = EngineJson.Text(node, "function_name");
        if (kind.Length == 0)
            return;
        if (!s_classes.Contains(kind))
            throw view.Refused(kind);
        if (kind == "OPERATOR" && !s_operators.Contains(type))
            throw view.Refused(type);
        if (kind == "FUNCTION" && (!s_functions.Contains(function) || EngineJson.Text(node, "schema").Length > 0))
            throw view.Refused($"{function}(…)");
        if (kind == "CAST" && (!s_casts.Contains(EngineJson.Text(node.GetProperty("cast_type"), "id")) || node.GetProperty("try_cast").GetBoolean()))
            throw view.Refused($"a cast to {EngineJson.Text(node.GetProperty("cast_type"), "id")}");
        if (kind == "CONSTANT" && node.GetProperty("value") is var value && value.TryGetProperty("value", out var content) && content.ValueKind == JsonValueKind.String)
            (isTyped ? literals : untyped).Add(content.GetString()!);
        literals.UnionWith(untyped);
    }

    private void CheckRows(JsonElement node)
    {
        string type = EngineJson.Text(node, "type");
        if (s_relations.Contains(type))
            throw view.Refused(type);
        // To Spark and Trino ASOF and POSITIONAL are aliases, to Trino SEMI and ANTI too.
        string join = EngineJson.Text(node, "ref_type"), side = EngineJson.Text(node, "join_type");
        if (join is not ("" or "REGULAR" or "CROSS" or "NATURAL") || side is not ("" or "INNER" or "LEFT" or "RIGHT" or "FULL" or "SEMI" or "ANTI") || (side is "SEMI" or "ANTI" && !view.IsSpark))
            throw view.Refused($"{join} {side} JOIN");
        if (EngineJson.Text(node, "aggregate_handling") is not ("" or "STANDARD_HANDLING"))
            throw view.Refused("GROUP BY ALL");
        // Spark puts nulls first, which matters where a limit follows.
        if (view.IsSpark && node.TryGetProperty("modifiers", out var modifiers) && modifiers.EnumerateArray().Any(m => EngineJson.Text(m, "type").StartsWith("LIMIT", StringComparison.Ordinal))
            && modifiers.EnumerateArray().Any(m => m.TryGetProperty("orders", out var orders) && orders.EnumerateArray().Any(o => EngineJson.Text(o, "null_order") == "ORDER_DEFAULT")))
            throw view.Refused("ORDER BY … LIMIT without NULLS FIRST or NULLS LAST");
        if (node.TryGetProperty("sample", out var sample) && sample.ValueKind == JsonValueKind.Object)
            throw view.Refused("TABLESAMPLE");
    }
}
