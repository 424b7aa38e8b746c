using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Ingest;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Execution;

/// <summary>Runs a query and streams its rows.</summary>
internal static class RunQuery
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, QueryText query, CancellationToken cancellationToken)
    {
        var planned = await context.Planner.PlanAsync(query, context.Scope, context.Options.Parameters, cancellationToken).ConfigureAwait(false);
        if (planned.PackedFiles.Count > 0)
            planned.Bound = PreviewQuery.WithOneRowMore(planned.Bound);
        var packed = PackedSources.Check(planned.PackedFiles, cancellationToken);
        ProgressPump? pump = null;
        try
        {
            pump = ProgressPump.Start(context, "running");
            var result = Stream(context, planned, query, cancellationToken);
            return new QueryResult(result, planned.Bound, [], error => Explain(error, context, planned, query), packed, () =>
            {
                pump?.Dispose();
                planned.Dispose();
            });
        }
        catch (Exception e)
        {
            pump?.Dispose();
            planned.Dispose();
            await using (packed.ConfigureAwait(false))
            {
                if (e is DuckDbException or TarnException)
                    await packed.ExplainAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    // First statements that make types of the values found, then the query.
    private static DuckDbResult StreamPivot(StatementContext context, string sql, CancellationToken cancellationToken)
    {
        foreach (var statement in context.Connection.ExtractStatements(sql))
        {
            using (statement)
            {
                statement.BindAll([.. context.Options.Parameters.Take(statement.ParameterCount)]);
                if (statement.StatementType == DuckDbStatementType.Select)
                    return statement.Stream(cancellationToken);
                statement.Execute(cancellationToken);
            }
        }

        throw new TarnException(ErrorKind.Internal, "PIVOT gave no query.");
    }

    private static DuckDbResult Stream(StatementContext context, PlannedQuery planned, QueryText query, CancellationToken cancellationToken)
    {
        try
        {
            if (planned.Bound.IsPivot)
                return StreamPivot(context, planned.Bound.Sql, cancellationToken);
            using var statement = context.Connection.Prepare(planned.Bound.Sql, cancellationToken);
            statement.BindAll(context.Options.Parameters);
            return statement.Stream(cancellationToken);
        }
        catch (DuckDbException e)
        {
            throw Explain(e, context, planned, query);
        }
    }

    private static Exception Explain(DuckDbException error, StatementContext context, PlannedQuery planned, QueryText query)
    {
        var explained = DamagedFiles.Explain(error, context.Session.Instance, planned);
        return explained is DuckDbException ? EngineErrors.Translate(error, planned.Bound, query) : explained;
    }
}
