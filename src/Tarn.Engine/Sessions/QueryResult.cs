using System.Runtime.CompilerServices;
using Tarn.DuckDb;

namespace Tarn.Engine.Sessions;

/// <summary>Rows that stream from the engine; disposing ends the statement and gives back the files it reads.</summary>
internal sealed class QueryResult(DuckDbResult result, IReadOnlyDictionary<string, string> originalNames, IReadOnlyList<string> notices, Func<DuckDbException, Exception> explain, Action onDispose) : StatementResult
{
    /// <inheritdoc/>
    public override string Tag => "SELECT";

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns { get; } = [.. result.Columns.Select(c => new ResultColumn(originalNames.GetValueOrDefault(c.Name, c.Name), c.Type))];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => notices;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await Task.Run(() => Next(cancellationToken), cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            using (chunk)
                yield return new ChunkBatch(chunk);
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
    public override ValueTask DisposeAsync()
    {
        result.Dispose();
        onDispose();
        return ValueTask.CompletedTask;
    }

    private sealed class ChunkBatch(DuckDbChunk chunk) : ResultBatch
    {
        public override int RowCount => chunk.RowCount;

        public override object? GetValue(int column, int row) => chunk[column].GetValue(row);
    }
}
