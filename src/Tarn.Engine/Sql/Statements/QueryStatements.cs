using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Sql.Statements;

/// <summary>Anything that returns rows by the query language of the engine: SELECT, WITH, VALUES, FROM, TABLE, PIVOT, DESCRIBE of a query.</summary>
public sealed record QueryStatement(QueryText Query) : SqlStatement;

/// <summary><c>EXPLAIN [ANALYZE] [(option [value], …)] statement</c>.</summary>
/// <param name="Analyze">Whether the inner statement is run and measured.</param>
/// <param name="Options">The options in upper case with their values, such as FORMAT → JSON; an option without value maps to an empty text.</param>
/// <param name="Statement">What is explained.</param>
public sealed record ExplainStatement(bool Analyze, IReadOnlyDictionary<string, string> Options, SqlStatement Statement) : SqlStatement;
