using System.Globalization;
using System.Text.Json;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Planning;

/// <summary>
/// Queries that ask for some rows of a relation, whichever: <c>SELECT a, b FROM 't.csv.gz' WHERE a > 1 LIMIT 20</c>. Once they have them, the rest of the
/// relation cannot change the answer.
/// </summary>
internal static class PreviewQuery
{
    /// <summary>How many rows are asked for, none by DESCRIBE; null for any other query.</summary>
    /// <param name="statements">Its parse tree.</param>
    public static long? RowsOf(JsonElement statements)
    {
        if (statements.GetArrayLength() != 1)
            return null;
        var node = statements[0].GetProperty("node");
        if (node.GetProperty("type").GetString() != "SELECT_NODE")
            return null;
        if (node.GetProperty("from_table") is var from && from.TryGetProperty("show_type", out var shown) && shown.GetString() == "DESCRIBE")
            return 0;
        return IsRowByRow(node) ? Limit(node.GetProperty("modifiers")) : null;
    }

    /// <summary>
    /// The query asking for one row more: when there is one in the same file, the rows before it are whole, and how the file ends cannot matter to them.
    /// As it is when it reads several files, or is no preview.
    /// </summary>
    public static BoundQuery WithOneRowMore(BoundQuery bound)
    {
        if (bound is not { PreviewRows: > 0 and < int.MaxValue and var rows, LocalFiles: [{ IsOneFile: true }] } || Limit(SqlLexer.Tokenize(SqlText.Of(bound.Sql)), rows) is not { } limit)
            return bound;
        var edits = new TextEdits(bound.Sql);
        edits.Replace(limit.Offset, limit.End, (rows + 1).ToString(CultureInfo.InvariantCulture));
        var edited = edits.Apply();
        return bound with { Sql = edited.Text, AsksOneRowMore = true, OriginalOffset = offset => bound.OriginalOffset(edited.OriginalOffset(offset)) };
    }

    // The number behind the LIMIT of the query itself; those of subqueries stand in brackets.
    private static Token? Limit(IReadOnlyList<Token> tokens, long rows)
    {
        string number = rows.ToString(CultureInfo.InvariantCulture);
        var limits = new List<Token>();
        int depth = 0;
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            depth += tokens[i].IsSymbol("(") || tokens[i].IsSymbol("[") ? 1 : tokens[i].IsSymbol(")") || tokens[i].IsSymbol("]") ? -1 : 0;
            if (depth == 0 && tokens[i].IsWord("LIMIT") && tokens[i + 1].Kind == TokenKind.Number && tokens[i + 1].Span.SequenceEqual(number))
                limits.Add(tokens[i + 1]);
        }

        return limits is [var limit] ? limit : null;
    }

    private static bool IsRowByRow(JsonElement node) =>
        node.GetProperty("from_table").GetProperty("type").GetString() is "BASE_TABLE" or "TABLE_FUNCTION"
        && node.GetProperty("from_table").GetProperty("sample").ValueKind == JsonValueKind.Null
        && node.GetProperty("select_list").EnumerateArray().All(IsColumn) && IsEmpty(node.GetProperty("cte_map"), "map")
        && IsNull(node, "having") && IsNull(node, "sample") && IsNull(node, "qualify") && IsEmpty(node, "group_expressions") && IsEmpty(node, "group_sets")
        && node.GetProperty("aggregate_handling").GetString() == "STANDARD_HANDLING";

    private static bool IsColumn(JsonElement selected) => selected.GetProperty("type").GetString() switch
    {
        "COLUMN_REF" => true,
        "STAR" => IsEmpty(selected, "replace_list") && IsNull(selected, "expr"),
        _ => false,
    };

    private static long? Limit(JsonElement modifiers) =>
        modifiers.GetArrayLength() == 1 && modifiers[0].GetProperty("type").GetString() == "LIMIT_MODIFIER"
        && modifiers[0].GetProperty("limit") is { ValueKind: JsonValueKind.Object } limit && limit.GetProperty("type").GetString() == "VALUE_CONSTANT"
        && limit.GetProperty("value").TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long rows) ? rows : null;

    private static bool IsNull(JsonElement node, string property) => node.GetProperty(property).ValueKind == JsonValueKind.Null;

    private static bool IsEmpty(JsonElement node, string property) => node.GetProperty(property).GetArrayLength() == 0;
}
