using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Columns;

/// <summary>
/// Rows of a dataset as columns, in the layout of <see href="https://arrow.apache.org/docs/format/Columnar.html">Apache Arrow</see>. Give it back to
/// <see cref="DatasetColumns.Return"/> when it is not needed any more: its memory is used again.
/// </summary>
public sealed class DatasetBlock
{
    private readonly ColumnBuffer[] _buffers;

    internal DatasetBlock(IEnumerable<DatasetColumn> columns, int capacity) => _buffers = [.. columns.Select(c => new ColumnBuffer(c.SqlType, capacity))];

    /// <summary>The columns, in the order of the dataset.</summary>
    public IReadOnlyList<ColumnBuffer> Columns => _buffers;

    /// <summary>The number of rows, at least 1.</summary>
    public int RowCount { get; private set; }

    internal void Fill(RowGenerator generator, long first, int count, PlantedDefects planted)
    {
        foreach (var buffer in _buffers)
        {
            buffer.Clear();
        }
        var writer = new ColumnRowWriter(_buffers);
        generator.WriteRows(ref writer, first, count, planted);
        RowCount = count;
    }
}
