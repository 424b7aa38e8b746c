using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Ingest;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Writing;

namespace Tarn.Engine.Execution;

/// <summary>Writes the rows of a planned query as data files.</summary>
internal static class RowWriter
{
    /// <summary>The columns that a query answers.</summary>
    public static IReadOnlyList<ResultColumn> Columns(StatementContext context, BoundQuery bound, QueryText query)
    {
        bound.RequireOneStatement();
        try
        {
            using var statement = context.Connection.Prepare(bound.Sql);
            if (statement.ParameterCount > context.Options.Parameters.Count)
                throw TarnException.Invalid($"The statement has {statement.ParameterCount} parameters, and {context.Options.Parameters.Count} values are given. PREPARE name FROM … and EXECUTE name USING value, … gives them.");
            return [.. statement.Columns.Select(bound.ResultColumn)];
        }
        catch (DuckDbException e)
        {
            throw EngineErrors.Translate(e, bound, query);
        }
    }

    /// <summary>Writes files; they lie in the staging area until they are added to a transaction.</summary>
    /// <exception cref="TarnException">InvalidRequest when a column that is NOT NULL would hold a null.</exception>
    public static WrittenFiles Write(StatementContext context, WriteRequest request, CancellationToken cancellationToken) =>
        Write(context, request, "writing", source: null, cancellationToken);

    /// <summary>Writes the rows of a planned query; an error that a damaged data file, or a packed one that is cut off, causes names it.</summary>
    /// <inheritdoc cref="Write(StatementContext, WriteRequest, CancellationToken)"/>
    public static async Task<WrittenFiles> WriteAsync(StatementContext context, WriteRequest request, PlannedQuery planned, CancellationToken cancellationToken)
    {
        var packed = PackedSources.Check(planned.PackedFiles, cancellationToken);
        await using (packed.ConfigureAwait(false))
        {
            var written = await ExplainAsync(() => Write(context, request, planned, cancellationToken), packed).ConfigureAwait(false);
            try
            {
                await packed.RequireWholeAsync().ConfigureAwait(false);
                return written;
            }
            catch
            {
                written.Dispose();
                throw;
            }
        }
    }

    private static async Task<WrittenFiles> ExplainAsync(Func<WrittenFiles> write, PackedSources packed)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is DuckDbException or TarnException)
        {
            await packed.ExplainAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static WrittenFiles Write(StatementContext context, WriteRequest request, PlannedQuery planned, CancellationToken cancellationToken)
    {
        try
        {
            return Write(context, request, cancellationToken);
        }
        catch (DuckDbException error) when (DamagedFiles.Explain(error, context.Session.Instance, planned) is var explained && explained != error)
        {
            throw explained;
        }
        catch (DuckDbException error) when (EngineErrors.OfWriting(error, request.Schema.Fields) is var explained && explained != error)
        {
            throw explained;
        }
    }

    /// <summary>Writes files, told as <paramref name="stage"/>, with progress in bytes and rows where it is known what is read.</summary>
    /// <inheritdoc cref="Write(StatementContext, WriteRequest, CancellationToken)"/>
    public static WrittenFiles Write(StatementContext context, WriteRequest request, string stage, SourceExtent? source, CancellationToken cancellationToken)
    {
        var writer = new DataFileWriter(context.Connection, context.Services.Store);
        using var pump = ProgressPump.Start(context, stage, source, () => writer.UnfinishedSizeBytes);
        return writer.Write(request, cancellationToken);
    }
}
