using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Ingest;
using Tarn.Engine.Planning;

namespace Tarn.Engine.Sessions;

/// <summary>Rows that stream from the engine; disposing ends the statement and gives back the files it reads.</summary>
internal sealed class QueryResult(DuckDbResult result, BoundQuery query, IReadOnlyList<string> notices, Func<DuckDbException, Exception> explain, PackedSources packed, Action onDispose) : StatementResult
{
    private readonly bool[] zoned = [.. result.Columns.Select(query.IsZoned)];

    /// <inheritdoc/>
    public override string Tag => "SELECT";

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns { get; } = [.. result.Columns.Select(query.ResultColumn)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => notices;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long asked = query.AsksOneRowMore ? query.PreviewRows!.Value : long.MaxValue, rows = 0;
        while (await NextAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            int given = (int)Math.Min(chunk.RowCount, asked - rows);
            rows += chunk.RowCount;
            using (chunk)
            {
                if (given > 0)
                    yield return new ChunkBatch(chunk, given, zoned);
            }
        }

        // Without a further row the last one given may be what a cut left of it.
        if (rows <= asked && query.PreviewRows != 0)
            await packed.RequireWholeAsync().ConfigureAwait(false);
    }

    private async Task<DuckDbChunk?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => Next(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DuckDbException or TarnException)
        {
            await packed.ExplainAsync().ConfigureAwait(false);
            throw;
        }
    }

    private DuckDbChunk? Next(CancellationToken cancellationToken)
    {
        try
        {
            return result.NextChunk(cancellationToken);
        }
        catch (DuckDbException error) when (explain(error) is var explained && explained != error)
        {
            throw explained;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        result.Dispose();
        onDispose();
        await packed.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class ChunkBatch(DuckDbChunk chunk, int rowCount, bool[] zoned) : ResultBatch
    {
        public override int RowCount => rowCount;

        public override object? GetValue(int column, int row) =>
            chunk[column].GetValue(row) is var value && zoned[column] && value is DuckDbTimestamp instant ? instant with { WithTimeZone = true } : value;
    }
}
