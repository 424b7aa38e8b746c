using System.Runtime.CompilerServices;
using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>Rows that were not made by SQL and go on coming, so that they are printed like others.</summary>
/// <param name="columns">Names and types.</param>
/// <param name="pages">The rows as they come, each with a value for each column in the representation of its type.</param>
internal sealed class ComingRows(IReadOnlyList<ResultColumn> columns, IAsyncEnumerable<IReadOnlyList<object?[]>> pages) : StatementResult
{
    /// <inheritdoc/>
    public override string Tag => "SELECT";

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns { get; } = columns;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in pages.WithCancellation(cancellationToken))
            yield return new RowsBatch(page);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
