namespace Tarn.Engine.Sql;

/// <summary>A slice of a SQL text that is handed on as text: a query, an expression, a literal. It knows where it stands.</summary>
public readonly record struct SqlText
{
    /// <summary>The slice of <paramref name="length"/> UTF-16 units that starts at <paramref name="offset"/>.</summary>
    public SqlText(SqlSource source, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, source.Text.Length);
        Source = source;
        Offset = offset;
        Length = length;
    }

    /// <summary>The whole text that the slice was cut from.</summary>
    public SqlSource Source { get; }

    /// <summary>Where the slice starts, in UTF-16 units from 0.</summary>
    public int Offset { get; }

    /// <summary>Length in UTF-16 units.</summary>
    public int Length { get; }

    /// <summary>The characters of the slice, without surrounding white space and comments.</summary>
    public string Text => Source is null ? "" : Source.Text.Substring(Offset, Length);

    /// <summary>Line and column of its first character.</summary>
    public SourcePosition Position => Source is null ? new SourcePosition(0, 1, 1) : Source.PositionAt(Offset);

    /// <summary>A slice that is a text of its own, for statements that are built and not parsed.</summary>
    public static SqlText Of(string text) => new(new SqlSource(text), 0, text.Length);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
