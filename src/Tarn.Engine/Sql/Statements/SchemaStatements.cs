namespace Tarn.Engine.Sql.Statements;

/// <summary><c>CREATE SCHEMA [IF NOT EXISTS] name [COMMENT 'text'] [WITH (property = value, …)]</c>.</summary>
public sealed record CreateSchemaStatement(QualifiedName Name, bool IfNotExists, string? Comment, IReadOnlyList<Property> Properties) : SqlStatement;

/// <summary><c>DROP SCHEMA [IF EXISTS] name [CASCADE|RESTRICT]</c>.</summary>
public sealed record DropSchemaStatement(QualifiedName Name, bool IfExists, bool Cascade) : SqlStatement;

/// <summary><c>ALTER SCHEMA name SET PROPERTIES …</c> and <c>UNSET PROPERTIES …</c>; tags and the owner are properties.</summary>
/// <param name="Name">The schema.</param>
/// <param name="Set">Properties to set.</param>
/// <param name="Removed">Names of properties to remove.</param>
public sealed record AlterSchemaPropertiesStatement(QualifiedName Name, IReadOnlyList<Property> Set, IReadOnlyList<string> Removed) : SqlStatement;

/// <summary><c>ALTER SCHEMA name RENAME TO other</c>.</summary>
public sealed record RenameSchemaStatement(QualifiedName Name, QualifiedName NewName) : SqlStatement;
