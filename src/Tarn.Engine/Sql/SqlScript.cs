using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Sql;

/// <summary>What an interactive reader should do with the text typed so far.</summary>
public enum ScriptState
{
    /// <summary>White space and comments only.</summary>
    Empty,

    /// <summary>The last statement is closed by a semicolon: run it.</summary>
    Complete,

    /// <summary>The last statement has no semicolon yet.</summary>
    NeedsSemicolon,

    /// <summary>A bracket is open.</summary>
    OpenBracket,

    /// <summary>A literal, a quoted name or a comment is open.</summary>
    OpenLiteral,
}

/// <summary>One piece of a script: everything up to and including a semicolon or the end.</summary>
/// <param name="Whole">All characters of the piece; the pieces of a script joined are the script.</param>
/// <param name="Statement">The statement without surrounding white space, comments and semicolon; empty when there is none.</param>
/// <param name="Closed">Whether a semicolon closes it.</param>
public readonly record struct ScriptPiece(SqlText Whole, SqlText Statement, bool Closed);

/// <summary>Cuts scripts into statements.</summary>
public static class SqlScript
{
    /// <summary>The statements of a script, without empty ones.</summary>
    /// <exception cref="SqlSyntaxException">A literal or comment is never closed.</exception>
    public static IReadOnlyList<SqlText> Split(string text) =>
        [.. Pieces(new SqlSource(text)).Where(piece => piece.Statement.Length > 0).Select(piece => piece.Statement)];

    /// <summary>The whole script cut behind each semicolon outside of literals and comments.</summary>
    /// <exception cref="SqlSyntaxException">A literal or comment is never closed.</exception>
    public static IReadOnlyList<ScriptPiece> Pieces(SqlSource source)
    {
        var tokens = SqlLexer.Tokenize(source);
        List<ScriptPiece> pieces = [];
        var start = 0;
        foreach (var (first, end) in Ranges(tokens))
        {
            var statement = end > first
                ? new SqlText(source, tokens[first].Offset, tokens[end - 1].End - tokens[first].Offset)
                : new SqlText(source, tokens[end].Offset, 0);
            if (tokens[end].End > start)
            {
                pieces.Add(new ScriptPiece(new SqlText(source, start, tokens[end].End - start), statement, tokens[end].Kind == TokenKind.Semicolon));
            }

            start = tokens[end].End;
        }

        return pieces;
    }

    /// <summary>For each semicolon and for the end: the index of the first token of the statement before it, and its own. Statements may be empty.</summary>
    internal static IEnumerable<(int First, int End)> Ranges(IReadOnlyList<Token> tokens)
    {
        var first = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind is TokenKind.Semicolon or TokenKind.End)
            {
                yield return (first, i);
                first = i + 1;
            }
        }
    }

    /// <summary>Whether a text can be run or more has to be typed. A text that can never become right counts as complete.</summary>
    public static ScriptState State(string text)
    {
        try
        {
            var tokens = SqlLexer.Tokenize(new SqlSource(text));
            return tokens.Count == 1 ? ScriptState.Empty
                : tokens[^2].Kind == TokenKind.Semicolon ? ScriptState.Complete
                : OpenBrackets(tokens) > 0 ? ScriptState.OpenBracket
                : ScriptState.NeedsSemicolon;
        }
        catch (SqlSyntaxException error)
        {
            return error.Incomplete ? ScriptState.OpenLiteral : ScriptState.Complete;
        }
    }

    private static int OpenBrackets(IReadOnlyList<Token> tokens)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Semicolon)
            {
                depth = 0;
            }
            else if (token.Kind == TokenKind.Symbol)
            {
                depth += token.Span[0] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            }
        }

        return depth;
    }
}
