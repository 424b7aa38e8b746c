namespace Tarn.Engine.Sql.Statements;

/// <summary><c>USE schema</c> or <c>USE catalog.schema</c>; whether one part names a catalog or a schema is for the session to find out.</summary>
public sealed record UseStatement(QualifiedName Target) : SqlStatement;

/// <summary><c>SET [SESSION|GLOBAL|LOCAL|VARIABLE] name = value</c>.</summary>
/// <param name="Scope">The word before the name in upper case; null when there is none.</param>
/// <param name="Name">The setting, possibly dotted. <c>SET TIME ZONE</c> has the name <c>TimeZone</c>.</param>
/// <param name="Value">The value: an expression, a word or a list, as text.</param>
public sealed record SetStatement(string? Scope, QualifiedName Name, SqlText Value) : SqlStatement;

/// <summary><c>RESET [SESSION|GLOBAL|LOCAL|VARIABLE] name</c>.</summary>
/// <param name="Scope">The word before the name in upper case; null when there is none.</param>
/// <param name="Name">The setting; null for <c>RESET ALL</c>.</param>
public sealed record ResetStatement(string? Scope, QualifiedName? Name) : SqlStatement;

/// <summary><c>PREPARE name [(types)] AS|FROM statement</c>.</summary>
/// <param name="Name">The name of the prepared statement.</param>
/// <param name="ParameterTypes">Types as text; empty when none are given.</param>
/// <param name="Statement">What will be run.</param>
public sealed record PrepareStatement(string Name, IReadOnlyList<SqlText> ParameterTypes, SqlStatement Statement) : SqlStatement;

/// <summary><c>EXECUTE name [(value, …)]</c> or <c>EXECUTE name [USING value, …]</c>.</summary>
public sealed record ExecuteStatement(string Name, IReadOnlyList<Argument> Arguments) : SqlStatement;

/// <summary><c>EXECUTE IMMEDIATE 'statement' [USING value, …]</c>.</summary>
public sealed record ExecuteImmediateStatement(string Sql, IReadOnlyList<Argument> Arguments) : SqlStatement;

/// <summary><c>DEALLOCATE [PREPARE] name</c>; the name is null for ALL.</summary>
public sealed record DeallocateStatement(string? Name) : SqlStatement;

/// <summary><c>DESCRIBE INPUT|OUTPUT name</c> of a prepared statement.</summary>
public sealed record DescribePreparedStatement(string Name, bool Input) : SqlStatement;

/// <summary>A value handed to a prepared statement or procedure.</summary>
/// <param name="Name">The parameter's name; null when it goes by position.</param>
/// <param name="Value">The value as text; <see cref="Literals.SqlLiteral.Parse(SqlText)"/> evaluates plain ones.</param>
public sealed record Argument(string? Name, SqlText Value);
