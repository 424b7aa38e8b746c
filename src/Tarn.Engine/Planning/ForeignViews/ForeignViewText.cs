using System.Collections.Frozen;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>The spelling of Spark and Trino, as the engine's: quotes, and names that differ although the meaning does not.</summary>
internal static class ForeignViewText
{
    private static readonly FrozenDictionary<string, string> s_sparkNames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["nvl"] = "coalesce", ["ifnull"] = "coalesce", ["lcase"] = "lower", ["ucase"] = "upper", ["char_length"] = "length", ["character_length"] = "length", ["every"] = "bool_and", ["some"] = "bool_or",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> s_trinoNames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["every"] = "bool_and",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The query in the engine's spelling.</summary>
    /// <exception cref="TarnException">Unsupported: a token is read differently.</exception>
    public static string Respell(ForeignView view, string sql)
    {
        var edits = new TextEdits(sql);
        var tokens = Tokens(view, sql);
        foreach (var (i, token) in tokens.Index())
        {
            RefuseToken(view, tokens, i);
            if (token.Kind == TokenKind.BacktickName && view.IsSpark)
                edits.Replace(token.Offset, token.End, EngineSql.Identifier(token.Value));
            else if (token.Kind == TokenKind.QuotedName && view.IsSpark)
                edits.Replace(token.Offset, token.End, EngineSql.String(token.Value));
            else if (token.IsWord("TIMESTAMP_NTZ") && view.IsSpark)
                edits.Replace(token.Offset, token.End, "TIMESTAMP");
            else if (token.Kind == TokenKind.Word && Next(tokens, i)?.IsSymbol("(") == true && (view.IsSpark ? s_sparkNames : s_trinoNames).TryGetValue(token.Value, out string? name))
                edits.Replace(token.Offset, token.End, name);
        }

        return edits.Apply().Text;
    }

    private static IReadOnlyList<Token> Tokens(ForeignView view, string sql)
    {
        try
        {
            return SqlLexer.Tokenize(SqlText.Of(sql));
        }
        catch (SqlSyntaxException error)
        {
            throw view.Refused(error.Message);
        }
    }

    private static void RefuseToken(ForeignView view, IReadOnlyList<Token> tokens, int i)
    {
        var token = tokens[i];
        string words = token.Span.ToString();
        bool isText = IsText(view, token);
        if (token.Kind is TokenKind.Binary or TokenKind.Parameter || (token.Kind == TokenKind.BacktickName && !view.IsSpark))
            throw view.Refused(words);
        // E'…' and $$…$$ are the engine's own.
        if (token.Kind == TokenKind.Text && words[0] != '\'')
            throw view.Refused(words);
        // Spark takes a backslash for an escape, and literals that touch, 'it''s' among them, for one text.
        if (isText && view.IsSpark && (words.Contains('\\', StringComparison.Ordinal) || words[1..^1].Contains(words[0], StringComparison.Ordinal)))
            throw view.Refused(words);
        if (isText && Next(tokens, i) is { } following && IsText(view, following))
            throw view.Refused($"{words} {following.Span}");
        // 3L, 1.5D: the engine reads an alias.
        if (token.Kind == TokenKind.Number && Next(tokens, i) is { Kind: TokenKind.Word } suffix && suffix.Offset == token.End)
            throw view.Refused($"{words}{suffix.Span}");
        RefuseType(view, tokens, i);
    }

    // In Spark a TIMESTAMP is an instant of the session's zone, in Trino one without digits has three. A DECIMAL without digits has another scale in each dialect.
    private static void RefuseType(ForeignView view, IReadOnlyList<Token> tokens, int i)
    {
        bool isCast = i > 0 && tokens[i - 1].IsWord("AS") && Next(tokens, i)?.IsSymbol(")") == true;
        if (tokens[i].IsWord("TIMESTAMP") && (isCast || (view.IsSpark && Next(tokens, i)?.Kind is TokenKind.Text or TokenKind.QuotedName)))
            throw view.Refused(view.IsSpark ? "TIMESTAMP, a time in the zone of the session" : "a cast to TIMESTAMP, which leaves out microseconds");
        if (isCast && (tokens[i].IsWord("DECIMAL") || tokens[i].IsWord("NUMERIC") || tokens[i].IsWord("DEC")))
            throw view.Refused($"a cast to {tokens[i].Span} without precision and scale");
    }

    private static bool IsText(ForeignView view, Token token) => token.Kind == TokenKind.Text || (token.Kind == TokenKind.QuotedName && view.IsSpark);

    private static Token? Next(IReadOnlyList<Token> tokens, int i) => i + 1 < tokens.Count ? tokens[i + 1] : null;
}
