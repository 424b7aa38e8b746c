using System.Text;

namespace Tarn.Synthetic.Rows;

/// <summary>One object a line: NDJSON, or with a comma after each the inside of an array.</summary>
internal ref struct JsonRowWriter(Span<byte> block, byte[][] keys, bool comma) : IRowWriter
{
    private Utf8Output _output = new(block);

    public readonly int Length => _output.Length;

    /// <summary>What stands before the value of each column: its separator and its key.</summary>
    public static byte[][] Keys(IEnumerable<DatasetColumn> columns)
        => [.. columns.Select((c, i) => Encoding.UTF8.GetBytes($"{(i == 0 ? '{' : ',')}\"{c.Name}\":"))];

    public void Integer(int column, long value)
    {
        _output.Bytes(keys[column]);
        _output.Integer(value);
    }

    public void Fixed(int column, long scaled, int decimals)
    {
        _output.Bytes(keys[column]);
        _output.Fixed(scaled, decimals);
    }

    public void Term(int column, Term term)
    {
        _output.Bytes(keys[column]);
        _output.Bytes(term.Json);
    }

    public void Plain(int column, scoped ReadOnlySpan<byte> text)
    {
        _output.Bytes(keys[column]);
        _output.Byte((byte)'"');
        _output.Bytes(text);
        _output.Byte((byte)'"');
    }

    public void Day(int column, int epochDay, scoped ReadOnlySpan<byte> text) => Plain(column, text);

    public void Instant(int column, long micros)
    {
        _output.Bytes(keys[column]);
        _output.Byte((byte)'"');
        _output.Instant(micros);
        _output.Byte((byte)'"');
    }

    public void Null(int column)
    {
        _output.Bytes(keys[column]);
        _output.Bytes("null"u8);
    }

    public void EndRow() => _output.Bytes(comma ? "},\n"u8 : "}\n"u8);
}
