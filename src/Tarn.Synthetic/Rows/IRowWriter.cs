namespace Tarn.Synthetic.Rows;

/// <summary>
/// Receives the values of one row after the other, columns in order from 0. Implementations are value types, so that the compiler makes a
/// copy of every generator for every format, without a call per value.
/// </summary>
internal interface IRowWriter
{
    void Integer(int column, long value);

    /// <summary>A number with <paramref name="decimals"/> digits after the point: 1234 with 2 is 12.34.</summary>
    void Fixed(int column, long scaled, int decimals);

    void Term(int column, Term term);

    /// <summary>Text that needs no quoting or escaping in any format.</summary>
    void Plain(int column, scoped ReadOnlySpan<byte> text);

    /// <summary>A date: its days since 1970-01-01, and the same as ISO 8601.</summary>
    void Day(int column, int epochDay, scoped ReadOnlySpan<byte> text);

    /// <summary>An instant in UTC, in microseconds since 1970, written with milliseconds and a Z.</summary>
    void Instant(int column, long micros);

    void Null(int column);

    void EndRow();
}
