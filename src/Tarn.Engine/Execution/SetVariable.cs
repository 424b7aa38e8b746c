using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Ingest;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Types;

namespace Tarn.Engine.Execution;

/// <summary>
/// <c>SET VARIABLE name = value</c>. The value may be a query's, which would not give it twice: what the session keeps, for the day when the engine is started
/// anew, is the value itself as SQL text.
/// </summary>
internal static class SetVariable
{
    private const string Tried = "__tarn_variable";

    /// <summary>What is set in the engine for a variable.</summary>
    public static string Target(string name) => $"VARIABLE {EngineSql.Identifier(name)}";

    /// <summary>Runs the statement. The variable stays as it was when it fails.</summary>
    /// <exception cref="TarnException">Unsupported: the value's type has no text that gives it back.</exception>
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, string name, SqlText value, CancellationToken cancellationToken)
    {
        var query = QueryText.From(value).AsSelect();
        using var planned = await context.Planner.PlanAsync(query, context.Scope, context.Options.Parameters, cancellationToken).ConfigureAwait(false);
        planned.Bound.RequireOneStatement();
        var packed = PackedSources.Check(planned.PackedFiles, cancellationToken);
        await using (packed.ConfigureAwait(false))
            await packed.RequireWholeAsync().ConfigureAwait(false);
        bool hasParameters = Evaluate(context, planned, query, cancellationToken);
        try
        {
            string kept = Keep(context.Connection, name, query, planned.Bound, hasParameters, cancellationToken);
            context.Connection.Execute($"SET {Target(name)} = {kept}", cancellationToken);
            context.Session.Variables[Target(name)] = kept;
        }
        finally
        {
            context.Connection.Execute($"RESET {Target(Tried)}", CancellationToken.None);
        }

        return RowsResult.Done("SET");
    }

    // Sets the value under a name of our own; answers whether it depends on parameters.
    private static bool Evaluate(StatementContext context, PlannedQuery planned, QueryText query, CancellationToken cancellationToken)
    {
        string opening = $"SET {Target(Tried)} = (";
        try
        {
            using var statement = context.Connection.Prepare($"{opening}{planned.Bound.Sql})", cancellationToken);
            statement.BindAll(context.Options.Parameters);
            statement.Execute(cancellationToken);
            return statement.ParameterCount > 0;
        }
        catch (DuckDbException e)
        {
            var explained = DamagedFiles.Explain(e, context.Session.Instance, planned);
            throw explained is DuckDbException ? EngineErrors.Translate(e, planned.Bound, query, opening.Length) : explained;
        }
    }

    private static string Keep(DuckDbConnection connection, string name, QueryText query, BoundQuery bound, bool hasParameters, CancellationToken cancellationToken)
    {
        string type = (string)connection.Scalar($"SELECT typeof({Current})", cancellationToken)!;
        string? text = connection.Scalar($"SELECT {Current}::VARCHAR", cancellationToken) as string;
        string literal = $"CAST({(text is null ? "NULL" : EngineSql.String(text))} AS {type})";
        // Text does not say which member of a union, or which type within a variant, it was.
        bool isTagged = text is not null && (type.Contains("UNION(", StringComparison.Ordinal) || type.Contains("VARIANT", StringComparison.Ordinal));
        if (!isTagged && GivesBack(connection, literal, cancellationToken))
            return literal;
        if (text is null)
            return "NULL";
        if (!hasParameters && IsConstant(connection, query, bound, cancellationToken) && GivesBack(connection, $"({query.Text})", cancellationToken))
            return $"({query.Text})";
        throw TarnException.Unsupported($"Variable '{name}' cannot hold this value of type {type}: a session keeps values as SQL text, and this one's does not give it back. Numbers, text, times, lists, maps and rows with named fields, {{'a': 1}}, can be held, also of a query's; unions, variants and rows without names only as a constant without a table. Cast it, or name its fields.");
    }

    private static string Current => $"getvariable('{Tried}')";

    private static bool GivesBack(DuckDbConnection connection, string sql, CancellationToken cancellationToken)
    {
        try
        {
            return connection.Scalar($"SELECT typeof(g) = typeof(v) AND g IS NOT DISTINCT FROM v AND g::VARCHAR IS NOT DISTINCT FROM v::VARCHAR FROM (SELECT {sql} AS g, {Current} AS v)", cancellationToken) is true;
        }
        catch (DuckDbException) when (!connection.Database.IsInvalidated)
        {
            return false;
        }
    }

    // Says nothing that asks a relation, or a function that the engine does not know to answer the same every time.
    private static bool IsConstant(DuckDbConnection connection, QueryText query, BoundQuery bound, CancellationToken cancellationToken)
    {
        if (bound.Scans.Count > 0 || bound.Views.Count > 0 || bound.LocalFiles.Count > 0)
            return false;
        string[] words = [.. SqlLexer.Tokenize(SqlText.Of(query.Text)).Where(t => t.IsName).Select(t => t.Value.ToLowerInvariant()).Distinct()];
        if (words.Any(w => w is "from" or "table" or "getvariable" || w.StartsWith("current_", StringComparison.Ordinal) || w.StartsWith("local", StringComparison.Ordinal)))
            return false;
        string names = string.Join(", ", words.Select(EngineSql.String));
        return connection.Scalar($"SELECT count(*) FROM duckdb_functions() WHERE function_name IN ({names}) AND function_type <> 'aggregate' AND stability IS DISTINCT FROM 'CONSISTENT'", cancellationToken) is 0L;
    }
}
