using System.Runtime.CompilerServices;
using Tarn.Engine.Sessions;

namespace Tarn.Commands;

/// <summary>Passes the rows of a difference on and counts those that begin with <c>+</c> and <c>-</c>.</summary>
internal sealed class CountingResult(StatementResult inner) : StatementResult
{
    /// <summary>Rows seen so far that only the later state has.</summary>
    public long Added { get; private set; }

    /// <summary>Rows seen so far that only the earlier state has.</summary>
    public long Removed { get; private set; }

    /// <inheritdoc/>
    public override string Tag => inner.Tag;

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns => inner.Columns;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in inner.ReadBatchesAsync(cancellationToken))
        {
            for (int row = 0; row < batch.RowCount; row++)
            {
                if (batch.GetValue(0, row) is "+")
                    Added++;
                else
                    Removed++;
            }

            yield return batch;
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
