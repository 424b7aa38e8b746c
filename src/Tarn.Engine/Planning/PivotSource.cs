using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Planning;

/// <summary>
/// The part of a <c>PIVOT source ON …</c> statement that names its tables. The engine makes two statements of it, one that finds the values to make columns
/// of and one that asks, and gives no parse tree for either.
/// </summary>
/// <param name="Start">Offset of the source in the statement, in characters.</param>
/// <param name="End">Behind it.</param>
/// <param name="Rest">The tokens from <c>ON</c> on.</param>
internal sealed record PivotSource(int Start, int End, IReadOnlyList<Token> Rest)
{
    /// <summary>The source, or null when the statement is of another form.</summary>
    public static PivotSource? Of(IReadOnlyList<Token> tokens)
    {
        if (tokens.Count < 3 || !(tokens[0].IsWord("PIVOT") || tokens[0].IsWord("PIVOT_WIDER")))
            return null;
        int depth = 0;
        for (int i = 1; i < tokens.Count; i++)
        {
            if (tokens[i].IsSymbol("("))
                depth++;
            else if (tokens[i].IsSymbol(")"))
                depth--;
            else if (depth == 0 && i > 1 && tokens[i].IsWord("ON"))
                return new PivotSource(tokens[1].Offset, tokens[i - 1].End, [.. tokens.Skip(i)]);
        }

        return null;
    }
}
