namespace Tarn.Engine.Sql.Statements;

/// <summary>A partition field as a statement gives it, in the words of the Iceberg specification.</summary>
/// <param name="Transform">identity, bucket, truncate, year, month, day, hour or void.</param>
/// <param name="Argument">The number of buckets or the width of truncate; null for all other transforms.</param>
/// <param name="Column">The path of the source column. A quoted part may hold a whole dotted path, as Trino writes nested columns.</param>
/// <param name="Name">The name of the partition field; null when it follows from the rest.</param>
/// <param name="Source">Where it is written, for errors.</param>
public sealed record PartitionTransformText(string Transform, int? Argument, QualifiedName Column, string? Name, SqlText Source)
{
    /// <summary>Reads one transform: <c>month(order_date)</c>, <c>bucket(16, id)</c> or <c>bucket(id, 16)</c>, <c>region</c>.</summary>
    /// <exception cref="SqlSyntaxException">The text is not a transform.</exception>
    public static PartitionTransformText Parse(SqlText text) => Parsing.PartitionParser.Parse(text);

    /// <inheritdoc/>
    public override string ToString()
    {
        var call = Transform == "identity" ? Column.ToString() : Argument is null ? $"{Transform}({Column})" : $"{Transform}({Column}, {Argument})";
        return Name is null ? call : $"{call} AS {SqlPrinter.Identifier(Name)}";
    }
}

/// <summary>One field of a sort order as a statement gives it.</summary>
/// <param name="Term">What is sorted by: a column, or a transform of one.</param>
/// <param name="Descending">Whether large values come first.</param>
/// <param name="NullsFirst">Where nulls go: as said, else first when ascending and last when descending.</param>
public sealed record SortFieldText(PartitionTransformText Term, bool Descending, bool NullsFirst)
{
    /// <summary>Reads one field: <c>order_date DESC NULLS LAST</c>.</summary>
    /// <exception cref="SqlSyntaxException">The text is not a sort field.</exception>
    public static SortFieldText Parse(SqlText text) => Parsing.PartitionParser.ParseSort(text);

    /// <inheritdoc/>
    public override string ToString() => $"{Term} {(Descending ? "DESC" : "ASC")} NULLS {(NullsFirst ? "FIRST" : "LAST")}";
}
