using System.Text;

namespace Tarn.Engine.Planning;

/// <summary>Replacements in a text, applied together; remembers where each character came from.</summary>
internal sealed class TextEdits(string text)
{
    private readonly List<(int Start, int End, string Replacement)> edits = [];

    /// <summary>Replaces the characters from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public void Replace(int start, int end, string replacement) => edits.Add((start, end, replacement));

    /// <summary>Inserts before <paramref name="offset"/>.</summary>
    public void Insert(int offset, string insertion) => edits.Add((offset, offset, insertion));

    /// <summary>The text with all edits applied.</summary>
    public EditedText Apply()
    {
        var result = new StringBuilder(text.Length);
        var copies = new List<(int Start, int Origin)>();
        int position = 0;
        foreach (var (start, end, replacement) in edits.OrderBy(e => e.Start).ThenBy(e => e.End))
        {
            copies.Add((result.Length, position));
            result.Append(text, position, start - position).Append(replacement);
            position = end;
        }

        copies.Add((result.Length, position));
        result.Append(text, position, text.Length - position);
        return new EditedText(result.ToString(), copies);
    }
}

/// <summary>An edited text.</summary>
/// <param name="Text">The result.</param>
/// <param name="Copies">Start of each copied run in the result and in the original.</param>
internal sealed record EditedText(string Text, IReadOnlyList<(int Start, int Origin)> Copies)
{
    /// <summary>This text seen as an edit of what <paramref name="before"/> was made from.</summary>
    public EditedText After(EditedText before) => new(Text, [.. Copies.Select(c => (c.Start, before.OriginalOffset(c.Origin)))]);

    /// <summary>The offset in the original that a character of the result came from; of inserted text, the place of insertion.</summary>
    public int OriginalOffset(int offset)
    {
        var (start, origin) = Copies.Last(c => c.Start <= offset);
        int next = Copies.FirstOrDefault(c => c.Start > offset, (Start: int.MaxValue, Origin: int.MaxValue)).Origin;
        return Math.Min(origin + offset - start, next);
    }
}
