using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Planning;

/// <summary>
/// <c>PIVOT source ON column</c> without <c>IN (…)</c>. The engine makes several statements of it, of which the first find the values to make columns of, and gives a
/// parse tree for none. With values written behind, it is one statement: its tree has the same tables, columns and functions.
/// </summary>
internal static class PivotValues
{
    private static readonly string[] s_ends = ["USING", "GROUP", "ORDER", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT"];

    private static readonly string[] s_queries = ["SELECT", "FROM", "WITH", "VALUES"];

    /// <summary>The query with values behind each such column, to be parsed and never run, and where the queries stand that it asks for values; null when it says no PIVOT.</summary>
    public static (EditedText Text, IReadOnlyList<(int Start, int End)> Queries)? Fill(string query)
    {
        var queries = new List<(int, int)>();
        var tokens = SqlLexer.Tokenize(SqlText.Of(query));
        var edits = new TextEdits(query);
        bool isPivot = false;
        foreach (var (i, token) in tokens.Index())
        {
            if (!token.IsWord("PIVOT") && !token.IsWord("PIVOT_WIDER"))
                continue;
            isPivot = true;
            if (FindOn(tokens, i + 2) is { } on)
                FillList(tokens, on + 1, edits, queries);
        }

        return isPivot ? (edits.Apply(), queries) : null;
    }

    private static int? FindOn(IReadOnlyList<Token> tokens, int i)
    {
        for (int depth = tokens[i - 1].IsSymbol("(") ? 1 : 0; i < tokens.Count && depth >= 0 && tokens[i].Kind != TokenKind.End; i++)
        {
            depth += Step(tokens[i]);
            if (depth == 0 && tokens[i].IsWord("ON"))
                return i;
        }

        return null;
    }

    private static void FillList(IReadOnlyList<Token> tokens, int i, TextEdits edits, List<(int, int)> queries)
    {
        int first = i;
        bool hasValues = false;
        for (int depth = 0; ; i++)
        {
            depth += Step(tokens[i]);
            bool isEnd = depth < 0 || tokens[i].Kind is TokenKind.End or TokenKind.Semicolon || (depth == 0 && Array.Exists(s_ends, tokens[i].IsWord));
            if (isEnd || (depth == 0 && tokens[i].IsSymbol(",")))
            {
                if (!hasValues && i > first)
                {
                    edits.Insert(tokens[first].Offset, "(");
                    edits.Insert(tokens[i - 1].End, ") IN ('')");
                }

                if (isEnd)
                    return;
                (first, hasValues) = (i + 1, false);
            }

            if (depth > 0 || !tokens[i].IsWord("IN"))
                continue;
            hasValues = true;
            // A query there gives values that are yet to be found, too.
            if (Array.Exists(s_queries, tokens[i + 2].IsWord))
            {
                int end = ReferenceExtent.SkipBrackets(tokens, i + 1) - 1;
                queries.Add((tokens[i + 2].Offset, tokens[end - 1].End));
                edits.Replace(tokens[i + 2].Offset, tokens[end - 1].End, "''");
            }
        }
    }

    private static int Step(Token token) => token.IsSymbol("(") || token.IsSymbol("[") ? 1 : token.IsSymbol(")") || token.IsSymbol("]") ? -1 : 0;
}
