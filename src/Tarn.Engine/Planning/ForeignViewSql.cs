using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>
/// Queries of views that Spark or Trino wrote, as queries of the engine. Only what means the same in both is let through: a view that would answer
/// something else here is refused, naming the view, its dialect and the words.
/// </summary>
/// <param name="view">Name of the view, for messages.</param>
/// <param name="dialect"><c>spark</c> or <c>trino</c>.</param>
internal sealed class ForeignViewSql(string view, string dialect)
{
    /// <summary>Dialects that are understood in part.</summary>
    public static readonly IReadOnlyList<string> Dialects = ["spark", "trino"];

    // Operators are functions of the engine's parser: ~~ is LIKE. Division is not here: of whole numbers it is whole in Trino, of decimals decimal in Spark.
    private static readonly FrozenSet<string> Functions = new[]
    {
        "+", "-", "*", "%", "||", "~~", "!~~", "count", "count_star", "sum", "min", "max", "avg", "lower", "upper", "length", "abs", "floor", "ceil", "ceiling", "round",
        "year", "month", "day", "date_trunc", "replace", "bool_and", "bool_or", "stddev_samp", "stddev_pop", "var_samp", "var_pop",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Names that differ although the meaning does not.
    private static readonly FrozenDictionary<string, string> SparkNames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["nvl"] = "coalesce", ["ifnull"] = "coalesce", ["lcase"] = "lower", ["ucase"] = "upper", ["char_length"] = "length", ["character_length"] = "length", ["every"] = "bool_and", ["some"] = "bool_or",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> TrinoNames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["every"] = "bool_and",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Classes = new[] { "CONSTANT", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "BETWEEN", "CASE", "FUNCTION", "STAR", "SUBQUERY", "OPERATOR", "CAST" }.ToFrozenSet();
    private static readonly FrozenSet<string> Operators = new[] { "COMPARE_IN", "COMPARE_NOT_IN", "OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "OPERATOR_COALESCE", "OPERATOR_NULLIF" }.ToFrozenSet();

    private bool IsSpark => dialect.Equals("spark", StringComparison.OrdinalIgnoreCase);

    /// <summary>The query for the engine.</summary>
    /// <exception cref="TarnException">Unsupported: it says something that is not understood.</exception>
    public string Translate(string sql, DuckDbConnection connection)
    {
        string spelled = Respell(sql);
        using var tree = ParseTree.Serialize(spelled, connection);
        if (tree.RootElement.GetProperty("error").GetBoolean())
            throw Refused(tree.RootElement.GetProperty("error_message").GetString()!);
        Check(tree.RootElement.GetProperty("statements"));
        return spelled;
    }

    // Quotes and names of functions.
    private string Respell(string sql)
    {
        var edits = new TextEdits(sql);
        var tokens = Tokens(sql);
        foreach (var (i, token) in tokens.Index())
        {
            if (token.Kind == TokenKind.BacktickName && IsSpark)
                edits.Replace(token.Offset, token.End, EngineSql.Identifier(token.Value));
            else if (token.Kind == TokenKind.QuotedName && IsSpark && !token.Span.Contains('\\'))
                edits.Replace(token.Offset, token.End, EngineSql.String(token.Value));
            else if (token.Kind is TokenKind.BacktickName or TokenKind.Binary or TokenKind.Parameter || (token.Kind is TokenKind.Text or TokenKind.QuotedName && IsSpark && token.Span.Contains('\\')))
                throw Refused(token.Span.ToString());
            else if (token.Kind == TokenKind.Word && i + 1 < tokens.Count && tokens[i + 1].IsSymbol("(") && (IsSpark ? SparkNames : TrinoNames).TryGetValue(token.Value, out string? name))
                edits.Replace(token.Offset, token.End, name);
        }

        return edits.Apply().Text;
    }

    private IReadOnlyList<Token> Tokens(string sql)
    {
        try
        {
            return SqlLexer.Tokenize(SqlText.Of(sql));
        }
        catch (SqlSyntaxException error)
        {
            throw Refused(error.Message);
        }
    }

    private void Check(JsonElement node)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Check(item);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            CheckExpression(node);
            CheckRows(node);
            foreach (var property in node.EnumerateObject())
                Check(property.Value);
        }
    }

    private void CheckExpression(JsonElement node)
    {
        if (!node.TryGetProperty("class", out var name) || name.ValueKind != JsonValueKind.String)
            return;
        string kind = name.GetString()!, type = Text(node, "type");
        if (!Classes.Contains(kind))
            throw Refused(kind);
        if (kind == "OPERATOR" && !Operators.Contains(type))
            throw Refused(type);
        if (kind == "FUNCTION" && !Functions.Contains(Text(node, "function_name")))
            throw Refused($"{Text(node, "function_name")}(…)");
        if (kind == "CAST" && !IsSameCast(node))
            throw Refused($"a cast to {Text(node.GetProperty("cast_type"), "id")}");
    }

    // Casts round, cut and print differently; those of literals that name their type do not. In Spark a TIMESTAMP is an instant of the session's zone.
    private bool IsSameCast(JsonElement node) => (Text(node.GetProperty("cast_type"), "id"), Text(node.GetProperty("child"), "class")) switch
    {
        ("DATE" or "DOUBLE" or "DECIMAL", _) => true,
        ("TIMESTAMP", "CONSTANT") => !IsSpark,
        ("BOOLEAN" or "INTEGER" or "BIGINT", "CONSTANT") => true,
        _ => false,
    };

    private void CheckRows(JsonElement node)
    {
        string type = Text(node, "type");
        if (type is "TABLE_FUNCTION" or "PIVOT" or "SHOW_REF" or "BOX_RENDERER" or "LAMBDA")
            throw Refused(type);
        // Spark puts nulls first, which matters where a limit follows.
        if (IsSpark && node.TryGetProperty("modifiers", out var modifiers) && modifiers.EnumerateArray().Any(m => Text(m, "type").StartsWith("LIMIT", StringComparison.Ordinal))
            && modifiers.EnumerateArray().Any(m => m.TryGetProperty("orders", out var orders) && orders.EnumerateArray().Any(o => Text(o, "null_order") == "ORDER_DEFAULT")))
            throw Refused("ORDER BY … LIMIT without NULLS FIRST or NULLS LAST");
        if (node.TryGetProperty("sample", out var sample) && sample.ValueKind == JsonValueKind.Object)
            throw Refused("TABLESAMPLE");
    }

    private static string Text(JsonElement node, string property) => node.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private TarnException Refused(string what) => TarnException.Unsupported(
        $"View '{view}' is written for {dialect} and says what may mean something else here: {what}. Create it again with CREATE OR REPLACE VIEW, or add a representation in the dialect {ViewDefinition.Dialect}.");
}
