namespace Tarn.Engine.Sessions;

/// <summary>Rows that stand in memory.</summary>
/// <param name="rows">The rows, each with a value for each column in the representation of its type.</param>
public sealed class RowsBatch(IReadOnlyList<object?[]> rows) : ResultBatch
{
    /// <inheritdoc/>
    public override int RowCount => rows.Count;

    /// <inheritdoc/>
    public override object? GetValue(int column, int row) => rows[row][column];
}
