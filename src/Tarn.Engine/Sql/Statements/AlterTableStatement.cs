using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Types;
using Tarn.Iceberg.Governance;

namespace Tarn.Engine.Sql.Statements;

/// <summary><c>ALTER TABLE [IF EXISTS] name action, …</c>, also <c>CREATE|DROP BRANCH|TAG … IN TABLE name</c>.</summary>
/// <param name="Table">The table.</param>
/// <param name="IfExists">Whether a missing table is no error.</param>
/// <param name="Actions">What to do, in order and in one commit; at least one.</param>
public sealed record AlterTableStatement(QualifiedName Table, bool IfExists, IReadOnlyList<AlterTableAction> Actions) : SqlStatement;

/// <summary>One change of a table.</summary>
public abstract record AlterTableAction;

/// <summary>Where a column goes: to the front, or behind a sibling.</summary>
/// <param name="After">The sibling; null for the front.</param>
public sealed record ColumnPosition(QualifiedName? After);

/// <summary><c>ADD COLUMN path type …</c>.</summary>
/// <param name="Path">The column; <c>a.b</c> adds field b to the struct a, with <c>element</c>, <c>key</c> and <c>value</c> for lists and maps.</param>
/// <param name="Type">Its type.</param>
/// <param name="NotNull">Whether it must have a value.</param>
/// <param name="Comment">Documentation; null when there is none.</param>
/// <param name="Default">Default value; null when there is none.</param>
/// <param name="Position">Where it goes; null for the end.</param>
/// <param name="IfNotExists">Whether an existing column is no error.</param>
public sealed record AddColumn(
    QualifiedName Path, SqlType Type, bool NotNull, string? Comment, SqlLiteral? Default, ColumnPosition? Position, bool IfNotExists) : AlterTableAction
{
    /// <summary>Its tags.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

/// <summary><c>DROP COLUMN path</c>.</summary>
public sealed record DropColumn(QualifiedName Path, bool IfExists) : AlterTableAction;

/// <summary><c>RENAME COLUMN path TO name</c>; the new name is the last part only.</summary>
public sealed record RenameColumn(QualifiedName Path, string NewName, bool IfExists) : AlterTableAction;

/// <summary><c>ALTER COLUMN path TYPE type</c>.</summary>
public sealed record ChangeColumnType(QualifiedName Path, SqlType Type) : AlterTableAction;

/// <summary><c>ALTER COLUMN path SET|DROP NOT NULL</c>.</summary>
public sealed record ChangeColumnNullability(QualifiedName Path, bool NotNull) : AlterTableAction;

/// <summary><c>ALTER COLUMN path COMMENT 'text'</c>.</summary>
public sealed record ChangeColumnComment(QualifiedName Path, string? Comment) : AlterTableAction;

/// <summary><c>ALTER COLUMN path FIRST|AFTER sibling</c>.</summary>
public sealed record MoveColumn(QualifiedName Path, ColumnPosition Position) : AlterTableAction;

/// <summary><c>ALTER COLUMN path SET DEFAULT value</c>, or DROP DEFAULT when the value is null.</summary>
public sealed record ChangeColumnDefault(QualifiedName Path, SqlLiteral? Default) : AlterTableAction;

/// <summary><c>ALTER COLUMN path SET TAGS ('key' = 'value', …)</c>.</summary>
public sealed record SetColumnTags(QualifiedName Path, IReadOnlyList<Tag> Tags) : AlterTableAction;

/// <summary><c>ALTER COLUMN path UNSET TAGS ('key', …)</c>.</summary>
public sealed record RemoveColumnTags(QualifiedName Path, IReadOnlyList<string> Keys) : AlterTableAction;

/// <summary><c>RENAME TO name</c>.</summary>
public sealed record RenameTable(QualifiedName NewName) : AlterTableAction;

/// <summary><c>SET PROPERTIES …</c>, <c>SET TBLPROPERTIES (…)</c>, without partitioning and sorted_by; <c>SET TAGS (…)</c> and <c>SET AUTHORIZATION name</c>, which are properties.</summary>
public sealed record SetTableProperties(IReadOnlyList<Property> Properties) : AlterTableAction;

/// <summary><c>UNSET TBLPROPERTIES (…)</c> and <c>UNSET TAGS (…)</c>.</summary>
public sealed record RemoveTableProperties(IReadOnlyList<string> Names) : AlterTableAction;

/// <summary><c>SET PROPERTIES partitioning = ARRAY[…]</c>: these fields and no others; none for an unpartitioned table.</summary>
public sealed record SetPartitioning(IReadOnlyList<PartitionTransformText> Fields) : AlterTableAction;

/// <summary><c>ADD PARTITION FIELD transform [AS name]</c>.</summary>
public sealed record AddPartitionField(PartitionTransformText Field) : AlterTableAction;

/// <summary><c>DROP PARTITION FIELD transform|name</c>; a bare name may be that of the field or of its column.</summary>
public sealed record DropPartitionField(PartitionTransformText Field) : AlterTableAction;

/// <summary><c>REPLACE PARTITION FIELD transform|name WITH transform [AS name]</c>.</summary>
public sealed record ReplacePartitionField(PartitionTransformText Old, PartitionTransformText New) : AlterTableAction;

/// <summary><c>WRITE [LOCALLY] ORDERED BY …</c>, <c>WRITE UNORDERED</c> and <c>SET PROPERTIES sorted_by = ARRAY[…]</c>.</summary>
/// <param name="Fields">The sort order; empty for none.</param>
/// <param name="Distribution">How rows are spread over writers: none, hash or range; null when the statement does not say.</param>
public sealed record SetSortOrder(IReadOnlyList<SortFieldText> Fields, string? Distribution) : AlterTableAction;

/// <summary><c>SET IDENTIFIER FIELDS a, b</c>: these columns identify a row from now on, and no others.</summary>
public sealed record SetIdentifierFields(IReadOnlyList<QualifiedName> Columns) : AlterTableAction;

/// <summary><c>DROP IDENTIFIER FIELDS a, b</c>.</summary>
public sealed record DropIdentifierFields(IReadOnlyList<QualifiedName> Columns) : AlterTableAction;

/// <summary><c>EXECUTE procedure(value, name => value) [WHERE condition]</c>.</summary>
public sealed record ExecuteProcedure(QualifiedName Procedure, IReadOnlyList<Argument> Arguments, QueryText? Where) : AlterTableAction;

/// <summary>The kinds of snapshot references.</summary>
public enum RefKind
{
    /// <summary>A branch: commits move it.</summary>
    Branch,

    /// <summary>A tag: it stays.</summary>
    Tag,
}

/// <summary><c>CREATE [OR REPLACE] BRANCH|TAG [IF NOT EXISTS] name …</c> or <c>REPLACE BRANCH|TAG name …</c>.</summary>
public sealed record CreateRef : AlterTableAction
{
    /// <summary>Branch or tag.</summary>
    public required RefKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether an existing reference is moved.</summary>
    public bool OrReplace { get; init; }

    /// <summary>Whether the reference must exist: REPLACE without CREATE.</summary>
    public bool MustExist { get; init; }

    /// <summary>Whether an existing reference is left as it is, without error.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>The snapshot id (a number) or reference (a string) it starts from; null for the current snapshot.</summary>
    public SqlLiteral? From { get; init; }

    /// <summary>How long the reference is kept; null for the table's default.</summary>
    public TimeSpan? MaxRefAge { get; init; }

    /// <summary>How many snapshots of a branch are kept at least; null for the table's default.</summary>
    public int? MinSnapshotsToKeep { get; init; }

    /// <summary>How long snapshots of a branch are kept; null for the table's default.</summary>
    public TimeSpan? MaxSnapshotAge { get; init; }
}

/// <summary><c>DROP BRANCH|TAG [IF EXISTS] name</c>.</summary>
public sealed record DropRef(RefKind Kind, string Name, bool IfExists) : AlterTableAction;

/// <summary><c>ALTER BRANCH name IN TABLE table FAST FORWARD TO target</c>.</summary>
public sealed record FastForwardBranch(string Name, string Target) : AlterTableAction;
