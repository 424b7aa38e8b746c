using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Sql.Statements;

/// <summary>A column of CREATE VIEW: its name and documentation.</summary>
public sealed record ViewColumn(string Name, string? Comment);

/// <summary><c>CREATE [OR REPLACE] VIEW [IF NOT EXISTS] name [(columns)] [COMMENT 'text'] [WITH (…)] AS query</c>.</summary>
/// <param name="Name">The view.</param>
/// <param name="OrReplace">Whether an existing view gets a new version.</param>
/// <param name="IfNotExists">Whether an existing view is left as it is, without error.</param>
/// <param name="Columns">Names of the columns; empty when the query names them.</param>
/// <param name="Comment">Documentation; null when there is none.</param>
/// <param name="Properties">Properties of the view.</param>
/// <param name="Query">Its query.</param>
public sealed record CreateViewStatement(
    QualifiedName Name, bool OrReplace, bool IfNotExists, IReadOnlyList<ViewColumn> Columns, string? Comment, IReadOnlyList<Property> Properties,
    QueryText Query) : SqlStatement
{
    /// <summary>Whether a view of the name must be there: <c>ALTER VIEW name AS query</c>.</summary>
    public bool MustExist { get; init; }
}

/// <summary><c>DROP VIEW [IF EXISTS] name</c>.</summary>
public sealed record DropViewStatement(QualifiedName Name, bool IfExists) : SqlStatement;

/// <summary><c>ALTER VIEW [IF EXISTS] name RENAME TO other</c>.</summary>
public sealed record RenameViewStatement(QualifiedName Name, bool IfExists, QualifiedName NewName) : SqlStatement;

/// <summary><c>ALTER VIEW name SET PROPERTIES …</c> and <c>UNSET …</c>; tags and the owner are properties.</summary>
public sealed record AlterViewPropertiesStatement(QualifiedName Name, bool IfExists, IReadOnlyList<Property> Set, IReadOnlyList<string> Removed) : SqlStatement;

/// <summary><c>DROP TABLE [IF EXISTS] name [PURGE]</c>.</summary>
public sealed record DropTableStatement(QualifiedName Name, bool IfExists, bool Purge) : SqlStatement;

/// <summary><c>UNDROP TABLE|VIEW name [RENAME TO other]</c>.</summary>
/// <param name="Name">The name that it had.</param>
/// <param name="IsView">A view, else a table.</param>
/// <param name="NewName">The name that it gets; null for the old one.</param>
public sealed record UndropStatement(QualifiedName Name, bool IsView, QualifiedName? NewName) : SqlStatement;

/// <summary>What a comment documents.</summary>
public enum CommentTarget
{
    /// <summary>A table.</summary>
    Table,

    /// <summary>A view.</summary>
    View,

    /// <summary>A column of a table or view; the last part of the name is the column.</summary>
    Column,

    /// <summary>A schema.</summary>
    Schema,
}

/// <summary><c>COMMENT ON TABLE|VIEW|COLUMN|SCHEMA name IS 'text'|NULL</c>.</summary>
public sealed record CommentStatement(CommentTarget Target, QualifiedName Name, string? Comment) : SqlStatement;

/// <summary><c>CALL catalog.schema.procedure(value, name => value, …)</c>.</summary>
public sealed record CallStatement(QualifiedName Procedure, IReadOnlyList<Argument> Arguments) : SqlStatement;
