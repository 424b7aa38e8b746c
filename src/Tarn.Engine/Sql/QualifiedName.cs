namespace Tarn.Engine.Sql;

/// <summary>One part of a name as written: the text without quotes, and whether it was quoted. Case is kept.</summary>
public readonly record struct NamePart(string Text, bool Quoted)
{
    /// <summary>The part as SQL, quoted where it must be or was.</summary>
    public override string ToString() => Quoted ? SqlPrinter.QuoteIdentifier(Text) : SqlPrinter.Identifier(Text);
}

/// <summary>A dotted name of one or more parts: <c>catalog.schema.table</c>, a column path <c>a.b</c>, a property name.</summary>
public sealed record QualifiedName(IReadOnlyList<NamePart> Parts, SqlText Source = default) : IEquatable<QualifiedName>
{
    /// <summary>The last part: the table in <c>catalog.schema.table</c>.</summary>
    public string Last => Parts[^1].Text;

    /// <summary>Everything before the last part; empty for a simple name.</summary>
    public IReadOnlyList<string> Qualifier => [.. Parts.SkipLast(1).Select(part => part.Text)];

    /// <summary>The texts of all parts without quotes, first to last.</summary>
    public IReadOnlyList<string> Texts => [.. Parts.Select(part => part.Text)];

    /// <summary>The parts joined by dots, without quotes: for properties and messages, not for SQL.</summary>
    public string Dotted => string.Join('.', Parts.Select(part => part.Text));

    /// <summary>A name from texts; none counts as quoted.</summary>
    public static QualifiedName Of(params IEnumerable<string> parts) => new([.. parts.Select(part => new NamePart(part, false))]);

    /// <summary>Two names are equal when their parts are, wherever they were written.</summary>
    public bool Equals(QualifiedName? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode() => Parts.Aggregate(17, HashCode.Combine);

    /// <summary>The name as SQL, each part quoted where it must be or was.</summary>
    public override string ToString() => string.Join('.', Parts);
}
