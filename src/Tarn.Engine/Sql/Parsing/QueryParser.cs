using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Recognises queries and EXPLAIN.</summary>
internal static class QueryParser
{
    /// <summary>Whether a query starts here, possibly in brackets.</summary>
    public static bool AtQuery(TokenCursor cursor)
    {
        var at = 0;
        while (cursor.Peek(at).IsSymbol("("))
        {
            at++;
        }

        var token = cursor.Peek(at);
        return token.Kind == TokenKind.Word && token.Value.ToUpperInvariant() switch
        {
            "SELECT" or "WITH" or "VALUES" or "FROM" or "TABLE" or "PIVOT" or "PIVOT_WIDER" or "PIVOT_LONGER" or "UNPIVOT" or "SUMMARIZE" => true,
            "DESCRIBE" or "DESC" => at > 0 || DescribesQuery(cursor),
            "SHOW" => at > 0 || ShowsQuery(cursor),
            _ => false,
        };
    }

    /// <summary>Reads all that is left as a query statement.</summary>
    public static SqlStatement Read(TokenCursor cursor)
    {
        RefuseLeadingWith(cursor);
        return new QueryStatement(ReadText(cursor, cursor.End));
    }

    /// <summary>Reads the tokens up to <paramref name="end"/> as a query.</summary>
    public static QueryText ReadText(TokenCursor cursor, int end)
    {
        if (!AtQuery(cursor))
        {
            throw cursor.Expected("a query");
        }

        RefuseLeadingWith(cursor);
        return ReadPart(cursor, end);
    }

    /// <summary>Reads the tokens up to <paramref name="end"/>, whatever they are, as text for the engine.</summary>
    public static QueryText ReadPart(TokenCursor cursor, int end)
    {
        var start = cursor.Index;
        cursor.Index = end;
        return QueryRewriter.Rewrite(cursor.Slice(start, end), cursor.Tokens, start, end);
    }

    /// <summary>An expression up to a comma, closing bracket or stop word.</summary>
    public static QueryText ReadExpression(TokenCursor cursor, string what, params ReadOnlySpan<string> stopWords)
    {
        var start = cursor.Index;
        cursor.ExpectExpression(what, stopWords);
        var end = cursor.Index;
        cursor.Index = start;
        return ReadPart(cursor, end);
    }

    public static SqlStatement ReadExplain(TokenCursor cursor)
    {
        cursor.Expect("EXPLAIN");
        var analyze = cursor.TryTake("ANALYZE");
        cursor.TryTake("VERBOSE");
        Dictionary<string, string> options = new(StringComparer.OrdinalIgnoreCase);
        if (cursor.Current.IsSymbol("(") && !AtQuery(cursor))
        {
            cursor.ExpectSymbol("(");
            cursor.ListUntil(")", () => ReadOption(cursor, options));
        }

        analyze |= options.Remove("ANALYZE");
        if (cursor.IsAt("EXPLAIN"))
        {
            throw cursor.At(cursor.Current, "EXPLAIN cannot explain itself");
        }

        if (cursor.AtEnd)
        {
            throw cursor.Expected("a statement");
        }

        var start = cursor.Index;
        var inner = StatementParser.Read(cursor);
        return new ExplainStatement(analyze, options, inner with { Source = cursor.SliceFrom(start) });
    }

    private static bool ReadOption(TokenCursor cursor, Dictionary<string, string> options)
    {
        var name = cursor.ExpectIdentifier("an option").ToUpperInvariant();
        var value = cursor.Current.IsName || cursor.Current.Kind is TokenKind.Text or TokenKind.Number ? cursor.Take().Value.ToUpperInvariant() : "";
        options[name] = value;
        return true;
    }

    // DESCRIBE alone, of a query or of a file is a query of the engine; DESCRIBE table is ours.
    private static bool DescribesQuery(TokenCursor cursor)
    {
        var next = cursor.Peek(1);
        return next.Kind is TokenKind.End or TokenKind.Text || next.IsSymbol("(")
            || (next.Kind == TokenKind.Word && next.Value.ToUpperInvariant() is "SELECT" or "WITH" or "VALUES" or "FROM" or "PIVOT" or "UNPIVOT" or "SUMMARIZE")
            || (next.IsWord("TABLE") && !cursor.Peek(2).IsName);
    }

    // SHOW of a query tells its columns, as DESCRIBE does.
    private static bool ShowsQuery(TokenCursor cursor) => cursor.Peek(1).Kind == TokenKind.Word && cursor.Peek(1).Value.ToUpperInvariant() is "SELECT" or "WITH" or "FROM" && !cursor.Peek(2).IsSymbol("=");

    /// <summary>Where INSERT stands behind WITH; null when a query stands there.</summary>
    public static int? FindInsert(TokenCursor cursor) => StatementBehindWith(cursor) is var at && cursor.Tokens[at].IsWord("INSERT") ? at : null;

    private static void RefuseLeadingWith(TokenCursor cursor)
    {
        if (cursor.IsAt("WITH") && cursor.Tokens[StatementBehindWith(cursor)] is { Kind: TokenKind.Word } token && token.Value.ToUpperInvariant() is "INSERT" or "UPDATE" or "DELETE" or "MERGE")
        {
            throw cursor.At(token, $"WITH must stand inside of {token.Value.ToUpperInvariant()}: write … WHERE … (WITH … SELECT …)");
        }
    }

    // The first word behind the names and their queries that begins a statement.
    private static int StatementBehindWith(TokenCursor cursor)
    {
        var start = cursor.Index;
        while (!cursor.AtEnd)
        {
            var word = cursor.Current.Kind == TokenKind.Word ? cursor.Current.Value.ToUpperInvariant() : "";
            if (word is "SELECT" or "VALUES" or "FROM" or "TABLE" or "PIVOT" or "UNPIVOT" || (word is "INSERT" or "UPDATE" or "DELETE" or "MERGE" && !cursor.Peek(1).IsWord("AS")))
            {
                break;
            }

            cursor.SkipBalanced();
        }

        (var found, cursor.Index) = (cursor.Index, start);
        return found;
    }
}
