using System.Text;

namespace Tarn.Synthetic.Rows;

/// <summary>RFC 4180, with line feeds.</summary>
internal ref struct CsvRowWriter(Span<byte> block) : IRowWriter
{
    private Utf8Output _output = new(block);

    public readonly int Length => _output.Length;

    public static byte[] Header(IEnumerable<DatasetColumn> columns) => Encoding.UTF8.GetBytes(string.Join(',', columns.Select(c => c.Name)) + "\n");

    public void Integer(int column, long value)
    {
        Separate(column);
        _output.Integer(value);
    }

    public void Fixed(int column, long scaled, int decimals)
    {
        Separate(column);
        _output.Fixed(scaled, decimals);
    }

    public void Term(int column, Term term)
    {
        Separate(column);
        _output.Bytes(term.Csv);
    }

    public void Plain(int column, scoped ReadOnlySpan<byte> text)
    {
        Separate(column);
        _output.Bytes(text);
    }

    public void Day(int column, int epochDay, scoped ReadOnlySpan<byte> text) => Plain(column, text);

    public void Instant(int column, long micros)
    {
        Separate(column);
        _output.Instant(micros);
    }

    public void Null(int column) => Separate(column);

    public void EndRow() => _output.Byte((byte)'\n');

    private void Separate(int column)
    {
        if (column > 0)
        {
            _output.Byte((byte)',');
        }
    }
}
