using Tarn.Core.Errors;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Planning;

/// <summary>The characters of a table reference in the query text.</summary>
/// <param name="NameStart">First character of the name or call.</param>
/// <param name="NameEnd">Behind the name or call.</param>
/// <param name="AtStart">First character of the time travel clause.</param>
/// <param name="AtEnd">Behind the time travel clause; equals <paramref name="AtStart"/> when there is none.</param>
internal readonly record struct ReferenceExtent(int NameStart, int NameEnd, int AtStart, int AtEnd)
{
    public static ReferenceExtent Find(IReadOnlyList<Token> tokens, TableReference reference)
    {
        int i = IndexAt(tokens, reference.Offset) + (2 * reference.Parts.Count) - 1;
        int nameEnd = tokens[i - 1].End;
        if (reference.At is null)
            return new(reference.Offset, nameEnd, 0, 0);
        while (!(tokens[i].IsWord("AT") && tokens[i + 1].IsSymbol("(")))
            i++;
        return new(reference.Offset, nameEnd, tokens[i].Offset, tokens[SkipBrackets(tokens, i + 1) - 1].End);
    }

    /// <summary>Removes the first <paramref name="count"/> parts of the dotted name at <paramref name="offset"/>.</summary>
    public static void DropLeadingParts(IReadOnlyList<Token> tokens, int offset, int count, TextEdits edits)
    {
        int i = IndexAt(tokens, offset);
        edits.Replace(offset, tokens[i + (2 * count)].Offset, "");
    }

    /// <summary>Replaces the first <paramref name="count"/> parts of the dotted name at <paramref name="offset"/> by one.</summary>
    public static void ReplaceLeadingParts(IReadOnlyList<Token> tokens, int offset, int count, string name, TextEdits edits) =>
        edits.Replace(offset, tokens[IndexAt(tokens, offset) + (2 * (count - 1))].End, name);

    /// <summary>Replaces the last of <paramref name="parts"/> parts of the dotted name at <paramref name="offset"/>.</summary>
    public static void RenameLastPart(IReadOnlyList<Token> tokens, int offset, int parts, string name, TextEdits edits)
    {
        var last = tokens[IndexAt(tokens, offset) + (2 * (parts - 1))];
        edits.Replace(last.Offset, last.End, name);
    }

    /// <summary>Number of the token that begins at <paramref name="offset"/>.</summary>
    public static int IndexAt(IReadOnlyList<Token> tokens, int offset)
    {
        int low = 0, high = tokens.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (tokens[middle].Offset == offset)
                return middle;
            if (tokens[middle].Offset < offset)
                low = middle + 1;
            else
                high = middle - 1;
        }

        throw new TarnException(ErrorKind.Internal, $"The engine's parser names a place ({offset}) where the query has no token.");
    }

    /// <summary>Number of the token behind the bracket that opens at <paramref name="i"/>.</summary>
    public static int SkipBrackets(IReadOnlyList<Token> tokens, int i)
    {
        int depth = 0;
        do
        {
            if (tokens[i].IsSymbol("(") || tokens[i].IsSymbol("["))
                depth++;
            else if (tokens[i].IsSymbol(")") || tokens[i].IsSymbol("]"))
                depth--;
            i++;
        }
        while (depth > 0);
        return i;
    }
}
