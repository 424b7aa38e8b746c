using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Parsing;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql;

/// <summary>Reads SQL text into statements.</summary>
public static class SqlParser
{
    /// <summary>Reads exactly one statement; a semicolon may close it.</summary>
    /// <exception cref="SqlSyntaxException">The text is no statement, or more than one.</exception>
    public static SqlStatement Parse(string sql)
    {
        var source = new SqlSource(sql);
        var tokens = SqlLexer.Tokenize(source);
        var ranges = Statements(tokens);
        return ranges.Length switch
        {
            0 => throw new SqlSyntaxException(source, sql.Length, "expected a statement, found nothing", incomplete: true),
            1 => Parse(source, tokens, ranges[0]),
            _ => throw new SqlSyntaxException(source, tokens[ranges[1].First].Offset, "expected one statement, found another one behind the semicolon"),
        };
    }

    /// <summary>Reads a statement that <see cref="SqlScript"/> has cut out; errors point into the whole script.</summary>
    /// <exception cref="SqlSyntaxException">The text is no statement.</exception>
    public static SqlStatement Parse(SqlText statement)
    {
        var cursor = TokenCursor.Over(statement);
        if (cursor.Current.Kind == TokenKind.End)
        {
            throw new SqlSyntaxException(statement.Source, statement.Offset, "expected a statement, found nothing", incomplete: true);
        }

        return StatementParser.Read(cursor) with { Source = statement };
    }

    /// <summary>Reads all statements of a script before any of them is run.</summary>
    /// <exception cref="SqlSyntaxException">One of them does not parse.</exception>
    public static IReadOnlyList<SqlStatement> ParseScript(string script) => Parse(new SqlSource(script));

    /// <summary>Reads a column type.</summary>
    /// <exception cref="SqlSyntaxException">The text is no type, or one that Iceberg does not have.</exception>
    public static Types.SqlType ParseType(string type) => TypeParser.Parse(SqlText.Of(type));

    /// <summary>Reads a dotted name such as <c>sales."orders$snapshots"</c>.</summary>
    /// <exception cref="SqlSyntaxException">The text is no name.</exception>
    public static QualifiedName ParseName(string name)
    {
        var cursor = TokenCursor.Over(SqlText.Of(name));
        var result = cursor.ExpectName("a name");
        cursor.ExpectEnd();
        return result;
    }

    private static IReadOnlyList<SqlStatement> Parse(SqlSource source)
    {
        var tokens = SqlLexer.Tokenize(source);
        return [.. Statements(tokens).Select(range => Parse(source, tokens, range))];
    }

    private static (int First, int End)[] Statements(IReadOnlyList<Token> tokens) => [.. SqlScript.Ranges(tokens).Where(range => range.End > range.First)];

    private static SqlStatement Parse(SqlSource source, IReadOnlyList<Token> tokens, (int First, int End) range)
    {
        var cursor = new TokenCursor(source, tokens, range.First, range.End);
        var text = cursor.Slice(range.First, range.End);
        return StatementParser.Read(cursor) with { Source = text };
    }
}
