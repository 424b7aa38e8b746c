using System.Collections.Frozen;
using Tarn.Core.Errors;
using Tarn.DuckDb;

namespace Tarn.Engine.Planning;

/// <summary>
/// What queries of untrusted sessions may say. Table functions are allowed by name; of the other functions those are refused that tell of the process,
/// plan text as SQL, write logs or sleep. Tables must be the catalogs' own, which the binder sees to.
/// </summary>
internal static class UntrustedQueries
{
    private static readonly FrozenSet<string> s_tableFunctions = new[]
    {
        "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "regexp_split_to_table", "generate_subscripts", "pg_timezone_names", "icu_calendar_names",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> s_refused = new[]
    {
        "current_setting", "set_config", "getenv", "json_serialize_plan", "json_execute_serialized_sql", "write_log", "parse_duckdb_log_message", "sleep_ms", "pg_sleep", "current_query", "pg_get_viewdef", "add_parquet_key",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Functions of the engine's and of Tarn's own use begin so.
    private static readonly string[] s_internalPrefixes = ["__", "duckdb_", "pragma_"];

    /// <summary>Refuses what a query may not say.</summary>
    /// <exception cref="TarnException">PermissionDenied, naming it.</exception>
    public static void Check(ParseTree tree)
    {
        if (tree.TableFunctions.FirstOrDefault(f => !s_tableFunctions.Contains(f)) is { } table)
            throw Refused($"{table}(…)", $"of table functions it may call {string.Join(", ", s_tableFunctions.Order(StringComparer.Ordinal))}");
        if (tree.Functions.FirstOrDefault(IsRefused) is { } function)
            throw Refused($"{function}(…)", "it reaches beyond the catalogs");
        if (tree.TravelsByQuery)
            throw Refused("a query as version or time of a table", "give a constant");
    }

    /// <summary>Refuses an expression that asks a table or says what a query may not say.</summary>
    /// <exception cref="TarnException">PermissionDenied, naming it.</exception>
    public static void CheckExpression(string expression, DuckDbConnection connection)
    {
        var tree = ParseTree.Of($"SELECT {expression}", connection);
        if (tree.Failure is { } failure)
            throw TarnException.Invalid(failure.Message);
        if (tree.Tables.Count > 0)
            throw Refused($"table '{string.Join('.', tree.Tables[0].Name)}' in a value", "give a constant");
        Check(tree);
    }

    private static bool IsRefused(string function) => s_refused.Contains(function) || s_internalPrefixes.Any(p => function.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    /// <summary>The error for something that an untrusted session may not do.</summary>
    /// <param name="what">The thing.</param>
    /// <param name="why">The rule.</param>
    public static TarnException Refused(string what, string why) => new(ErrorKind.PermissionDenied, $"This session may not use {what}: {why}. Sessions over the network reach the tables of the catalogs only.");
}
