using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>Rows that were not made by SQL.</summary>
/// <param name="rows">The rows, each with a value for each column in the representation of its type.</param>
internal sealed class RowsBatch(IReadOnlyList<object?[]> rows) : ResultBatch
{
    /// <inheritdoc/>
    public override int RowCount => rows.Count;

    /// <inheritdoc/>
    public override object? GetValue(int column, int row) => rows[row][column];
}
