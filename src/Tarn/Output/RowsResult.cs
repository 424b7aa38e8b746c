using System.Runtime.CompilerServices;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>Rows that were not made by SQL, so that they are printed like those that were.</summary>
/// <param name="columns">Names and types.</param>
/// <param name="rows">The rows, each with a value for each column in the representation of its type.</param>
internal sealed class RowsResult(IReadOnlyList<ResultColumn> columns, IReadOnlyList<object?[]> rows) : StatementResult
{
    /// <inheritdoc/>
    public override string Tag => "SELECT";

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns { get; } = columns;

    /// <summary>The rows.</summary>
    public IReadOnlyList<object?[]> Rows { get; } = rows;

    /// <summary>A column of text.</summary>
    public static ResultColumn Text(string name) => new(name, DuckDbType.Of(DuckDbTypeId.Varchar));

    /// <summary>A column of whole numbers.</summary>
    public static ResultColumn Number(string name) => new(name, DuckDbType.Of(DuckDbTypeId.BigInt));

    /// <summary>A column of instants.</summary>
    public static ResultColumn Instant(string name) => new(name, DuckDbType.Of(DuckDbTypeId.TimestampTz));

    /// <summary>A value of <see cref="Instant"/>.</summary>
    public static DuckDbTimestamp InstantOf(long millisecondsSince1970) =>
        new(millisecondsSince1970 * 1_000, DuckDbTimestampUnit.Microseconds, WithTimeZone: true);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        yield return new RowsBatch(Rows);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
