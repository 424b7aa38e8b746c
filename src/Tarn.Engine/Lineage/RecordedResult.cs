using System.Runtime.CompilerServices;
using Tarn.Engine.Sessions;

namespace Tarn.Engine.Lineage;

/// <summary>A result whose statement is recorded when its rows were read, or nobody wants more of them.</summary>
/// <param name="inner">The result.</param>
/// <param name="lineage">The statement.</param>
internal sealed class RecordedResult(StatementResult inner, StatementLineage lineage) : StatementResult
{
    /// <inheritdoc/>
    public override string Tag => inner.Tag;

    /// <inheritdoc/>
    public override long? AffectedRows => inner.AffectedRows;

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns => inner.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => inner.Notices;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var batches = inner.ReadBatchesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(batches).ConfigureAwait(false))
            yield return batches.Current;
        lineage.End(null);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        lineage.End(null, isComplete: false);
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ResultBatch> batches)
    {
        try
        {
            return await batches.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            lineage.End(error);
            throw;
        }
    }
}
