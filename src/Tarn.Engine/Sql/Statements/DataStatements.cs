using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Sql.Statements;

/// <summary>How the columns of an INSERT's query find their places.</summary>
public enum InsertMatching
{
    /// <summary>First to first, as in the standard.</summary>
    ByPosition,

    /// <summary>Each to the column of its name; others get their default.</summary>
    ByName,
}

/// <summary>A partition that INSERT OVERWRITE names: a column with its value, or without one when the rows give it.</summary>
public sealed record PartitionValue(QualifiedName Column, SqlLiteral? Value);

/// <summary><c>INSERT INTO|OVERWRITE table [(columns)] [BY NAME] query</c> or <c>… DEFAULT VALUES</c>.</summary>
public sealed record InsertStatement : SqlStatement
{
    /// <summary>The table.</summary>
    public required QualifiedName Table { get; init; }

    /// <summary>Whether the rows replace what the table, or the partitions they fall into, held before.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The partitions of INSERT OVERWRITE … PARTITION (…); empty when there are none.</summary>
    public IReadOnlyList<PartitionValue> Partition { get; init; } = [];

    /// <summary>The columns that get values; null for all in table order.</summary>
    public IReadOnlyList<QualifiedName>? Columns { get; init; }

    /// <summary>How columns are matched.</summary>
    public InsertMatching Matching { get; init; }

    /// <summary>The rows; null for DEFAULT VALUES, one row of defaults.</summary>
    public QueryText? Query { get; init; }
}

/// <summary><c>DELETE FROM table [[AS] alias] [WHERE condition]</c>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Alias">The name that the condition uses for the table; null when there is none.</param>
/// <param name="Where">The condition; null deletes all rows.</param>
public sealed record DeleteStatement(QualifiedName Table, string? Alias, QueryText? Where) : SqlStatement;

/// <summary><c>TRUNCATE TABLE name</c>.</summary>
public sealed record TruncateStatement(QualifiedName Table) : SqlStatement;

/// <summary>One <c>column = value</c> of UPDATE or MERGE.</summary>
public sealed record Assignment(QualifiedName Column, QueryText Value);

/// <summary><c>UPDATE table [[AS] alias] SET column = value, … [FROM …] [WHERE condition]</c>.</summary>
public sealed record UpdateStatement(
    QualifiedName Table, string? Alias, IReadOnlyList<Assignment> Assignments, QueryText? From, QueryText? Where) : SqlStatement;

/// <summary><c>MERGE INTO table [[AS] alias] USING source ON condition WHEN …</c>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Alias">Its name in the conditions; null when there is none.</param>
/// <param name="From">The source with its alias, as text behind USING.</param>
/// <param name="On">The condition, or a list of columns in brackets when <paramref name="UsesColumns"/>.</param>
/// <param name="UsesColumns">Whether the rows meet by USING (columns) and not ON condition.</param>
/// <param name="Clauses">The WHEN clauses in order.</param>
public sealed record MergeStatement(
    QualifiedName Table, string? Alias, QueryText From, QueryText On, bool UsesColumns, IReadOnlyList<MergeClause> Clauses) : SqlStatement;

/// <summary>Which rows a WHEN clause of MERGE is about.</summary>
public enum MergeMatch
{
    /// <summary>Rows of the table that have a partner in the source.</summary>
    Matched,

    /// <summary>Rows of the source without a partner in the table.</summary>
    NotMatched,

    /// <summary>Rows of the table without a partner in the source.</summary>
    NotMatchedBySource,
}

/// <summary><c>WHEN … [AND condition] THEN action</c>.</summary>
/// <param name="Match">Which rows.</param>
/// <param name="Condition">A further condition; null when there is none.</param>
/// <param name="Action">UPDATE SET …, INSERT …, DELETE or DO NOTHING, as text.</param>
public sealed record MergeClause(MergeMatch Match, QueryText? Condition, QueryText Action);
