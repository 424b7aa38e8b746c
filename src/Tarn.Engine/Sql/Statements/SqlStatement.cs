namespace Tarn.Engine.Sql.Statements;

/// <summary>
/// One parsed statement. The model says what is asked for and not how: queries and expressions inside are text, all else is data that any
/// engine can carry out.
/// </summary>
public abstract record SqlStatement
{
    /// <summary>The statement as written, without surrounding comments and semicolon.</summary>
    public SqlText Source { get; init; }
}

/// <summary>A statement that Tarn takes as it is.</summary>
/// <param name="Kind">The leading words in upper case: <c>COPY</c>, <c>CREATE MACRO</c>.</param>
/// <param name="Text">The whole statement.</param>
public sealed record OtherStatement(string Kind, SqlText Text) : SqlStatement;
