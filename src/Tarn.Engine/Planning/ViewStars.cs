using System.Text.Json;
using Tarn.DuckDb;
using Tarn.Engine.Naming;

namespace Tarn.Engine.Planning;

/// <summary>Views whose columns are those of a star: it follows the tables, while the view goes on calling its columns, by their places, as when it was made.</summary>
internal static class ViewStars
{
    /// <summary>Whether columns of a query are not written in it one by one: stars, COLUMNS, and <c>unnest</c>, which gives the fields of a struct.</summary>
    /// <param name="node">A query in the parser's tree.</param>
    public static bool In(JsonElement node)
    {
        EngineJson.RequireStack();
        if (node.TryGetProperty("select_list", out var list))
            return list.EnumerateArray().Any(item => UnnamedResult.HasStar(item) || IsUnnest(item));
        return new[] { "left", "right", "child" }.Any(part => node.TryGetProperty(part, out var query) && query.ValueKind == JsonValueKind.Object && In(query))
            || (node.TryGetProperty("children", out var children) && children.EnumerateArray().Any(In));
    }

    /// <summary>Whether a query means the same rows, but for its last columns, when its table gets more columns: it reads one table, and compares no rows as wholes.</summary>
    /// <param name="node">A query in the parser's tree.</param>
    public static bool MayGrow(JsonElement node) =>
        node.TryGetProperty("from_table", out var from) && EngineJson.Text(from, "type") == "BASE_TABLE"
        && node.GetProperty("cte_map").GetProperty("map").GetArrayLength() == 0
        && node.GetProperty("group_expressions").GetArrayLength() == 0 && EngineJson.Text(node, "aggregate_handling") == "STANDARD_HANDLING"
        && !node.GetProperty("modifiers").EnumerateArray().Any(m => EngineJson.Text(m, "type") == "DISTINCT_MODIFIER");

    private static bool IsUnnest(JsonElement item) => EngineJson.Text(item, "function_name").Equals("unnest", StringComparison.OrdinalIgnoreCase);

    /// <summary>The query of a view as a relation of the columns that the view has: the table may have got more.</summary>
    /// <param name="query">The query.</param>
    /// <param name="called">What the view calls its columns, quoted.</param>
    public static string First(string query, IReadOnlyList<string> called) =>
        $"(SELECT {string.Join(", ", called.Select((name, i) => $"c{i} AS {name}"))} FROM ({query}\n) AS __tarn_view({string.Join(", ", called.Select((_, i) => $"c{i}"))}))";

    /// <summary>What the star of a view is now and was when the view was made; null where that is the same.</summary>
    /// <param name="query">The query of the view, with relations in place of marks; nothing is run.</param>
    /// <param name="was">Columns of the query when the view was made.</param>
    /// <param name="mayGrow">Whether there may be more columns behind those: see <see cref="MayGrow"/>.</param>
    /// <param name="called">What the table calls a column that the engine calls by another name.</param>
    /// <param name="connection">Binds it.</param>
    /// <exception cref="DuckDbException">The engine refuses the query.</exception>
    public static string? Change(string query, IReadOnlyList<string> was, bool mayGrow, Func<string, string> called, DuckDbConnection connection)
    {
        using var statement = connection.Prepare(query);
        string[] names = [.. statement.Columns.Select(c => called(c.Name))];
        return (mayGrow ? names.Take(was.Count) : names).SequenceEqual(was, StringComparer.OrdinalIgnoreCase) ? null : $"*, which is {string.Join(", ", names)} now and was {string.Join(", ", was)}";
    }
}

/// <summary>A view of Tarn's own whose columns are those of a star, in a bound query.</summary>
/// <param name="View">The view.</param>
/// <param name="Sql">Its query, with marks in place of tables.</param>
/// <param name="Columns">Columns of the query when the view was made.</param>
/// <param name="MayGrow">Whether there may be more by now, see <see cref="ViewStars.MayGrow"/>.</param>
internal sealed record StarredView(TableSource.View View, string Sql, IReadOnlyList<string> Columns, bool MayGrow);
