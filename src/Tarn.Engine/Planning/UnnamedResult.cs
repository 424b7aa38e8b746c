using System.Text.Json;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Planning;

/// <summary>
/// A result without a name that asks a table itself: <c>SELECT (SELECT max(id) FROM orders)</c>. The engine would name its column after the query that it
/// is given, in which the files of the table stand.
/// </summary>
/// <param name="TableOffset">Offset of the first table in it, in characters.</param>
/// <param name="Level">How many results it stands in itself.</param>
/// <param name="Depth">How many results the table stands in.</param>
internal readonly record struct UnnamedResult(int TableOffset, int Level, int Depth)
{
    private static readonly string[] Clauses = ["FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT", "USING"];

    /// <summary>True for a star and what is made of one, outside of subqueries.</summary>
    public static bool HasStar(JsonElement node)
    {
        EngineJson.RequireStack();
        return node.ValueKind switch
        {
            JsonValueKind.Array => node.EnumerateArray().Any(HasStar),
            JsonValueKind.Object when node.TryGetProperty("class", out var kind) && kind.ValueKind == JsonValueKind.String && kind.GetString() is "STAR" or "SUBQUERY" => kind.GetString() == "STAR",
            JsonValueKind.Object => node.EnumerateObject().Any(p => HasStar(p.Value)),
            _ => false,
        };
    }

    /// <summary>Where it stands, in characters; null when the tokens tell another story than the tree.</summary>
    public (int Start, int End)? Extent(IReadOnlyList<Token> tokens)
    {
        var open = new Stack<int?>([null]);
        int i = 0;
        for (; i < tokens.Count && tokens[i].Offset < TableOffset; i++)
            Step(tokens, i, open);
        int?[] items = [.. open.Reverse()];
        int[] brackets = [.. items.Index().Where(item => item.Item is not null).Select(item => item.Index)];
        if (brackets.Length != Depth)
            return null;
        int bracket = brackets[Level];
        for (; i < tokens.Count && tokens[i].Kind is not (TokenKind.End or TokenKind.Semicolon); i++)
        {
            Step(tokens, i, open);
            if (open.Count <= bracket || (open.Count == bracket + 1 && open.Peek() != items[bracket]))
                break;
        }

        return (tokens[items[bracket]!.Value].Offset, tokens[i - 1].End);
    }

    // For each open bracket the token that begins the present result; null outside of a list of results.
    private static void Step(IReadOnlyList<Token> tokens, int i, Stack<int?> open)
    {
        var token = tokens[i];
        if (token.IsSymbol("(") || token.IsSymbol("[") || token.IsSymbol("{"))
            open.Push(null);
        else if (token.IsSymbol(")") || token.IsSymbol("]") || token.IsSymbol("}"))
            open.TryPop(out _);
        else if (IsKeyword(tokens, i, "SELECT"))
            Begin(open, FirstResult(tokens, i + 1));
        else if (token.IsSymbol(",") && open.TryPeek(out var item) && item is not null)
            Begin(open, i + 1);
        else if (EndsResults(tokens, i))
            Begin(open, null);
    }

    private static void Begin(Stack<int?> open, int? item)
    {
        open.TryPop(out _);
        open.Push(item);
    }

    // SELECT DISTINCT ON (a, b) c
    private static int FirstResult(IReadOnlyList<Token> tokens, int i)
    {
        if (!tokens[i].IsWord("DISTINCT") && !tokens[i].IsWord("ALL"))
            return i;
        bool isOn = tokens[i].IsWord("DISTINCT") && tokens[i + 1].IsWord("ON") && tokens[i + 2].IsSymbol("(");
        return isOn ? ReferenceExtent.SkipBrackets(tokens, i + 2) : i + 1;
    }

    private static bool EndsResults(IReadOnlyList<Token> tokens, int i) => Array.Exists(Clauses, clause => IsKeyword(tokens, i, clause)) && !IsOperator(tokens, i);

    // Behind a dot any word is a name.
    private static bool IsKeyword(IReadOnlyList<Token> tokens, int i, string word) => tokens[i].IsWord(word) && !(i > 0 && tokens[i - 1].IsSymbol("."));

    // a IS [NOT] DISTINCT FROM b, mode() WITHIN GROUP (…)
    private static bool IsOperator(IReadOnlyList<Token> tokens, int i) =>
        (i > 1 && tokens[i].IsWord("FROM") && tokens[i - 1].IsWord("DISTINCT") && (tokens[i - 2].IsWord("IS") || tokens[i - 2].IsWord("NOT")))
        || (i > 0 && tokens[i].IsWord("GROUP") && tokens[i - 1].IsWord("WITHIN"));
}
