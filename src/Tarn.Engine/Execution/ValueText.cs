using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Ingest;
using Tarn.Engine.Planning;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Types;

namespace Tarn.Engine.Execution;

/// <summary>The value of an expression, which may be a query's and would not be the same twice, as SQL text that gives the value back with its type.</summary>
/// <param name="Sql">A constant expression of that type and value.</param>
/// <param name="Type">The type as the engine writes it.</param>
/// <param name="Text">The value as text; null for NULL, and for a value that text alone does not give back.</param>
internal readonly record struct ValueText(string Sql, string Type, string? Text)
{
    private const string Tried = "__tarn_variable";

    private static string Current => $"getvariable('{Tried}')";

    /// <summary>Finds the value.</summary>
    /// <param name="context">The statement that needs it.</param>
    /// <param name="value">The expression.</param>
    /// <param name="parameters">Values of its parameters, in order.</param>
    /// <param name="refusal">Who cannot take it when no text gives it back: <c>Variable 'x' cannot hold</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TarnException">Unsupported: the value's type has no text that gives it back.</exception>
    public static async Task<ValueText> OfAsync(StatementContext context, SqlText value, IReadOnlyList<object?> parameters, string refusal, CancellationToken cancellationToken)
    {
        var query = QueryText.From(value).AsSelect();
        using var planned = await context.Planner.PlanAsync(query, context.Scope, parameters, cancellationToken).ConfigureAwait(false);
        planned.Bound.RequireOneStatement();
        var packed = PackedSources.Check(planned.PackedFiles, cancellationToken);
        await using (packed.ConfigureAwait(false))
            await packed.RequireWholeAsync().ConfigureAwait(false);
        try
        {
            bool hasParameters = Evaluate(context, planned, query, parameters, cancellationToken);
            return Read(context.Connection, query, planned.Bound, hasParameters, refusal, cancellationToken);
        }
        finally
        {
            context.Connection.Execute($"RESET VARIABLE {EngineSql.Identifier(Tried)}", CancellationToken.None);
        }
    }

    // Sets the value under a name of our own; answers whether it depends on parameters.
    private static bool Evaluate(StatementContext context, PlannedQuery planned, QueryText query, IReadOnlyList<object?> parameters, CancellationToken cancellationToken)
    {
        string opening = $"SET VARIABLE {EngineSql.Identifier(Tried)} = (";
        try
        {
            using var statement = context.Connection.Prepare($"{opening}{planned.Bound.Sql})", cancellationToken);
            statement.BindAll(parameters);
            statement.Execute(cancellationToken);
            return statement.ParameterCount > 0;
        }
        catch (DuckDbException e)
        {
            var explained = DamagedFiles.Explain(e, context.Session.Instance, planned);
            throw explained is DuckDbException ? EngineErrors.Translate(e, planned.Bound, query, opening.Length) : explained;
        }
    }

    private static ValueText Read(DuckDbConnection connection, QueryText query, BoundQuery bound, bool hasParameters, string refusal, CancellationToken cancellationToken)
    {
        string type = (string)connection.Scalar($"SELECT typeof({Current})", cancellationToken)!;
        string? text = connection.Scalar($"SELECT {Current}::VARCHAR", cancellationToken) as string;
        string literal = $"CAST({(text is null ? "NULL" : EngineSql.String(text))} AS {type})";
        // Text does not say which member of a union, or which type within a variant, it was.
        bool isTagged = text is not null && (type.Contains("UNION(", StringComparison.Ordinal) || type.Contains("VARIANT", StringComparison.Ordinal));
        if (!isTagged && GivesBack(connection, literal, cancellationToken))
            return new(literal, type, text);
        if (text is null)
            return new("NULL", type, null);
        if (!hasParameters && IsConstant(connection, query, bound, cancellationToken) && GivesBack(connection, $"({query.Text})", cancellationToken))
            return new($"({query.Text})", type, null);
        throw TarnException.Unsupported($"{refusal} this value of type {type}: it is kept as SQL text, and this one's does not give it back. Numbers, text, times, lists, maps and rows with named fields, {{'a': 1}}, can be held, also of a query's; unions, variants and rows without names only as a constant without a table. Cast it, or name its fields.");
    }

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
