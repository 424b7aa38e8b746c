using System.Collections.Frozen;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>
/// Finds names of tables in schemas of several levels, <c>catalog.a.b.table</c>. DuckDB knows names of three parts at most, so the levels between
/// the first and the last part become one of <see cref="Queries.FoldedLevels"/>. Columns may have as many parts (fields of structs) and stay as they are.
/// </summary>
internal static class DeepNameScanner
{
    // A name behind one of these is a table's wherever it stands.
    private static readonly FrozenSet<string> TableWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "JOIN", "TABLE", "SUMMARIZE", "DESCRIBE", "DESC", "PIVOT", "UNPIVOT");

    private static readonly FrozenSet<string> ClauseWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "SELECT", "FROM", "JOIN", "ON", "USING", "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "VALUES", "WITH", "SET", "SAMPLE");

    private static readonly FrozenSet<string> QueryWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "SELECT", "WITH", "UNION", "EXCEPT", "INTERSECT", "PIVOT", "UNPIVOT");

    /// <summary>Whether a name of more than three parts starts at the token.</summary>
    public static bool CanStartAt(IReadOnlyList<Token> tokens, int index, int end) =>
        tokens[index].IsName && PartsAt(tokens, index, end) > Queries.FoldedLevels.MostParts;

    /// <summary>How many parts the name of a table at the token has that DuckDB would not take; 0 when it is none.</summary>
    public static int At(IReadOnlyList<Token> tokens, int index, int start, int end)
    {
        if (index == start || !CanStartAt(tokens, index, end))
            return 0;
        int parts = PartsAt(tokens, index, end);
        int behind = index + (2 * parts) - 1;
        bool isCall = behind < end && tokens[behind].IsSymbol("(");
        return !isCall && IsTablePlace(tokens, index, start) ? parts : 0;
    }

    private static int PartsAt(IReadOnlyList<Token> tokens, int index, int end)
    {
        if (index > 0 && tokens[index - 1].IsSymbol("."))
            return 0;
        int parts = 1;
        for (int at = index + 1; at + 1 < end && tokens[at].IsSymbol(".") && tokens[at + 1].IsName; at += 2)
            parts++;
        return parts;
    }

    private static bool IsTablePlace(IReadOnlyList<Token> tokens, int index, int start)
    {
        var before = tokens[index - 1];
        if (before.Kind == TokenKind.Word && TableWords.Contains(before.Value))
            return true;
        if (before.IsWord("FROM"))
            return IsClause(tokens, index - 1, start);
        return before.IsSymbol(",") && ClauseOf(tokens, index - 1, start) is { } clause && (!tokens[clause].IsWord("FROM") || IsClause(tokens, clause, start));
    }

    // The FROM or JOIN … ON in whose list a comma stands, or null when it stands in another list.
    private static int? ClauseOf(IReadOnlyList<Token> tokens, int comma, int start) =>
        Back(tokens, comma, start, ClauseWords) is { } at && (tokens[at].IsWord("FROM") || tokens[at].IsWord("JOIN") || tokens[at].IsWord("ON") || tokens[at].IsWord("USING")) ? at : null;

    // FROM stands also in EXTRACT(… FROM …), TRIM(… FROM …) and IS DISTINCT FROM.
    private static bool IsClause(IReadOnlyList<Token> tokens, int from, int start)
    {
        if (from == start)
            return true;
        if (tokens[from - 1].IsSymbol("("))
            return from - 2 < start || !tokens[from - 2].IsWord("TRIM");
        return !tokens[from - 1].IsWord("DISTINCT") && Back(tokens, from, start, QueryWords) is not null;
    }

    // The nearest token before that is the word of a clause, between the same brackets.
    private static int? Back(IReadOnlyList<Token> tokens, int from, int start, FrozenSet<string> wanted)
    {
        int depth = 0;
        for (int at = from - 1; at >= start; at--)
        {
            var token = tokens[at];
            if (token.IsSymbol(")") || token.IsSymbol("]") || token.IsSymbol("}"))
                depth++;
            else if (token.IsSymbol("(") || token.IsSymbol("[") || token.IsSymbol("{"))
                depth--;
            if (depth < 0)
                return null;
            if (depth == 0 && token.Kind == TokenKind.Word && wanted.Contains(token.Value))
                return at;
        }

        return null;
    }
}
