using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Columns;

/// <summary>Puts every value into the buffer of its column.</summary>
internal struct ColumnRowWriter(ColumnBuffer[] columns) : IRowWriter
{
    private int _row;

    public readonly void Integer(int column, long value) => columns[column].Integer(_row, value);

    public readonly void Fixed(int column, long scaled, int decimals) => columns[column].Fixed(_row, scaled, decimals);

    public readonly void Term(int column, Term term) => columns[column].Text(_row, term.Utf8);

    public readonly void Plain(int column, scoped ReadOnlySpan<byte> text) => columns[column].Text(_row, text);

    public readonly void Day(int column, int epochDay, scoped ReadOnlySpan<byte> text) => columns[column].Day(_row, epochDay, text);

    public readonly void Instant(int column, long micros) => columns[column].Instant(_row, micros);

    public readonly void Null(int column) => columns[column].Null(_row);

    public void EndRow() => _row++;
}
