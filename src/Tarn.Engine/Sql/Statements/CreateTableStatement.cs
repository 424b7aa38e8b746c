using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Sql.Statements;

/// <summary><c>CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name [(columns)] … [AS query]</c>.</summary>
public sealed record CreateTableStatement : SqlStatement
{
    /// <summary>The table.</summary>
    public required QualifiedName Name { get; init; }

    /// <summary>Whether an existing table gets a new schema and content.</summary>
    public bool OrReplace { get; init; }

    /// <summary>Whether an existing table is left as it is, without error.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>The columns with their types; empty when the query gives them.</summary>
    public IReadOnlyList<ColumnDefinition> Columns { get; init; } = [];

    /// <summary>Names for the columns of the query: <c>CREATE TABLE t (a, b) AS …</c>; null when it names them itself.</summary>
    public IReadOnlyList<string>? ColumnAliases { get; init; }

    /// <summary>Documentation of the table; null when there is none.</summary>
    public string? Comment { get; init; }

    /// <summary>
    /// The properties of WITH or TBLPROPERTIES, without <c>partitioning</c> and <c>sorted_by</c>, which are read into <see cref="Partitioning"/> and
    /// <see cref="SortedBy"/>. LOCATION is the property <c>location</c>.
    /// </summary>
    public IReadOnlyList<Property> Properties { get; init; } = [];

    /// <summary>The partition fields; null when the statement says nothing about them.</summary>
    public IReadOnlyList<PartitionTransformText>? Partitioning { get; init; }

    /// <summary>The sort order; null when the statement says nothing about it.</summary>
    public IReadOnlyList<SortFieldText>? SortedBy { get; init; }

    /// <summary>The query that gives the rows; null when the table starts empty.</summary>
    public QueryText? Query { get; init; }

    /// <summary>Whether the rows of the query are written, or only its columns are taken (WITH NO DATA).</summary>
    public bool WithData { get; init; } = true;
}
