using System.Globalization;

namespace Tarn.Engine.Sql.Literals;

/// <summary>A constant in a statement: a property value, an argument, a default. Values of equal kind and content are equal.</summary>
public abstract record SqlLiteral
{
    /// <summary>Evaluates a text that holds one literal and nothing else.</summary>
    /// <exception cref="SqlSyntaxException">The text is not a plain literal.</exception>
    public static SqlLiteral Parse(SqlText text) => Parsing.LiteralParser.Parse(text);

    /// <summary>
    /// The value as a property of a table stores it: strings as they are, <c>true</c> and <c>false</c>, numbers as written, dates and times
    /// by their text, null as null. Arrays and maps have no such form.
    /// </summary>
    public virtual string? ToPropertyText() => throw Core.Errors.TarnException.Invalid($"the value {this} is a list; a single value is expected here");
}

/// <summary><c>NULL</c> or <c>DEFAULT</c>.</summary>
public sealed record NullLiteral : SqlLiteral
{
    /// <inheritdoc/>
    public override string? ToPropertyText() => null;

    /// <inheritdoc/>
    public override string ToString() => "NULL";
}

/// <summary>A string.</summary>
public sealed record StringLiteral(string Value) : SqlLiteral
{
    /// <inheritdoc/>
    public override string? ToPropertyText() => Value;

    /// <inheritdoc/>
    public override string ToString() => SqlPrinter.QuoteLiteral(Value);
}

/// <summary>A binary value.</summary>
public sealed record BinaryLiteral(string Hex) : SqlLiteral
{
    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(Hex);

    /// <inheritdoc/>
    public override string ToString() => $"X'{Hex}'";
}

/// <summary><c>TRUE</c> or <c>FALSE</c>.</summary>
public sealed record BooleanLiteral(bool Value) : SqlLiteral
{
    /// <inheritdoc/>
    public override string? ToPropertyText() => Value ? "true" : "false";

    /// <inheritdoc/>
    public override string ToString() => Value ? "TRUE" : "FALSE";
}

/// <summary>A number of any size; the text has a sign at most, no underscores.</summary>
public sealed record NumberLiteral(string Text) : SqlLiteral
{
    /// <summary>Whether the number is written without point and exponent.</summary>
    public bool IsInteger => Text.AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    /// <summary>The value as a 64-bit integer, when it is one.</summary>
    public bool TryGetInt64(out long value) => long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>The value as the nearest double.</summary>
    public double ToDouble() => double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string? ToPropertyText() => Text;

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A literal of a named type: <c>DATE '2024-01-31'</c>, <c>TIMESTAMP '2024-01-31 10:00:00 UTC'</c>, <c>UUID '…'</c>.</summary>
/// <param name="TypeName">The type in upper case: DATE, TIME, TIMESTAMP, TIMESTAMP WITH TIME ZONE, DECIMAL, UUID, …</param>
/// <param name="Value">The content of the string behind it.</param>
public sealed record TypedLiteral(string TypeName, string Value) : SqlLiteral
{
    /// <inheritdoc/>
    public override string? ToPropertyText() => Value;

    /// <inheritdoc/>
    public override string ToString() => $"{TypeName} {SqlPrinter.QuoteLiteral(Value)}";
}

/// <summary><c>ARRAY[…]</c>, <c>[…]</c>, <c>ARRAY(…)</c>.</summary>
public sealed record ArrayLiteral(IReadOnlyList<SqlLiteral> Items) : SqlLiteral
{
    /// <inheritdoc/>
    public bool Equals(ArrayLiteral? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"ARRAY[{string.Join(", ", Items)}]";
}

/// <summary><c>MAP {key: value}</c>, <c>MAP(ARRAY[…], ARRAY[…])</c> or Spark's <c>map(key, value, …)</c>, in the order given.</summary>
public sealed record MapLiteral(IReadOnlyList<KeyValuePair<SqlLiteral, SqlLiteral>> Entries) : SqlLiteral
{
    /// <inheritdoc/>
    public bool Equals(MapLiteral? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"MAP {{{string.Join(", ", Entries.Select(e => $"{e.Key}: {e.Value}"))}}}";
}
