using System.Globalization;
using System.Text.Json;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>Queries that ask for the number of rows of a table and nothing else: <c>SELECT count(*) FROM t</c>. Files can answer them without their rows.</summary>
internal static class RowCountQuery
{
    // As the engine names the column.
    private const string EngineName = "count_star()";

    /// <summary>The names of the result columns, or null for any other query.</summary>
    /// <param name="statements">Its parse tree.</param>
    public static IReadOnlyList<string>? ColumnsOf(JsonElement statements)
    {
        if (statements.GetArrayLength() != 1)
            return null;
        var node = statements[0].GetProperty("node");
        if (node.GetProperty("type").GetString() != "SELECT_NODE" || !IsWholeTable(node))
            return null;
        JsonElement[] selected = [.. node.GetProperty("select_list").EnumerateArray()];
        return Array.TrueForAll(selected, IsCount) ? [.. selected.Select(s => s.GetProperty("alias").GetString() is { Length: > 0 } alias ? alias : EngineName)] : null;
    }

    /// <summary>The query, with rows that are counted already.</summary>
    /// <param name="columns">Names of its columns.</param>
    /// <param name="counted">Rows that are counted already.</param>
    /// <param name="rest">The query that reads the others.</param>
    public static string ToSql(IReadOnlyList<string> columns, long counted, string rest) =>
        $"SELECT {string.Join(", ", columns.Select(c => string.Create(CultureInfo.InvariantCulture, $"(count(*) + {counted})::BIGINT AS {EngineSql.Identifier(c)}")))} FROM ({rest}) AS __tarn_rest";

    private static bool IsWholeTable(JsonElement node)
    {
        var from = node.GetProperty("from_table");
        return from.GetProperty("type").GetString() == "BASE_TABLE" && IsNull(from, "sample")
            && IsNull(node, "where_clause") && IsNull(node, "having") && IsNull(node, "sample") && IsNull(node, "qualify")
            && IsEmpty(node, "modifiers") && IsEmpty(node, "group_expressions") && IsEmpty(node, "group_sets") && IsEmpty(node.GetProperty("cte_map"), "map")
            && node.GetProperty("aggregate_handling").GetString() == "STANDARD_HANDLING";
    }

    private static bool IsCount(JsonElement selected) =>
        selected.GetProperty("type").GetString() == "FUNCTION" && selected.GetProperty("function_name").GetString() == "count_star" && IsNull(selected, "filter")
        && selected.GetProperty("schema").GetString() == "" && selected.GetProperty("catalog").GetString() == "" && !selected.GetProperty("distinct").GetBoolean()
        && IsEmpty(selected, "children") && IsEmpty(selected.GetProperty("order_bys"), "orders") && !selected.GetProperty("export_state").GetBoolean();

    private static bool IsNull(JsonElement node, string property) => node.GetProperty(property).ValueKind == JsonValueKind.Null;

    private static bool IsEmpty(JsonElement node, string property) => node.GetProperty(property).GetArrayLength() == 0;
}
