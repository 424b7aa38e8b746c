using System.Globalization;

namespace Tarn.Terminal.Editing;

/// <summary>The text being typed and the cursor in it. Moves by whole characters as people see them.</summary>
internal sealed class LineBuffer
{
    private string _killed = "";

    /// <summary>The text; lines end with LF.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Offset of the cursor, 0 to the length.</summary>
    public int Cursor { get; private set; }

    /// <summary>Replaces everything; the cursor goes to the end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Inserts at the cursor.</summary>
    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Replaces from <paramref name="start"/> to the cursor.</summary>
    public void ReplaceBeforeCursor(int start, string text)
    {
        Text = string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(Cursor));
        Cursor = start + text.Length;
    }

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void Home() => Cursor = LineStart(Cursor);

    public void End() => Cursor = LineEnd(Cursor);

    public void WordLeft() => Cursor = WordStart();

    public void WordRight() => Cursor = WordEnd();

    public void Backspace() => Remove(Before(Cursor), Cursor);

    public void Delete() => Remove(Cursor, After(Cursor));

    public void KillToEnd() => Kill(Cursor, LineEnd(Cursor) == Cursor ? After(Cursor) : LineEnd(Cursor));

    public void KillToStart() => Kill(LineStart(Cursor), Cursor);

    public void KillWord() => Kill(WordStart(), Cursor);

    public void KillNextWord() => Kill(Cursor, WordEnd());

    public void Yank() => Insert(_killed);

    /// <summary>Moves to the line above, to the same column as far as it goes; false on the first line.</summary>
    public bool Up()
    {
        int start = LineStart(Cursor);
        if (start == 0)
            return false;
        Cursor = Math.Min(LineStart(start - 1) + (Cursor - start), start - 1);
        return true;
    }

    /// <summary>Moves to the line below; false on the last line.</summary>
    public bool Down()
    {
        int end = LineEnd(Cursor);
        if (end == Text.Length)
            return false;
        Cursor = Math.Min(end + 1 + (Cursor - LineStart(Cursor)), LineEnd(end + 1));
        return true;
    }

    private void Kill(int start, int end)
    {
        if (end > start)
            _killed = Text[start..end];
        Remove(start, end);
    }

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }

    private int LineStart(int at) => at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;

    private int LineEnd(int at) => Text.IndexOf('\n', at) is >= 0 and int end ? end : Text.Length;

    private int After(int at) => at >= Text.Length ? Text.Length : at + StringInfo.GetNextTextElementLength(Text, at);

    private int Before(int at)
    {
        // Text elements are only found forwards.
        int previous = Math.Max(0, LineStart(at) - 1);
        for (int next = previous; next < at; next = After(next))
            previous = next;
        return previous;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && !char.IsLetterOrDigit(Text[at - 1])) at--;
        while (at > 0 && (char.IsLetterOrDigit(Text[at - 1]) || Text[at - 1] == '_')) at--;
        return at;
    }

    private int WordEnd()
    {
        int at = Cursor;
        while (at < Text.Length && !char.IsLetterOrDigit(Text[at])) at++;
        while (at < Text.Length && (char.IsLetterOrDigit(Text[at]) || Text[at] == '_')) at++;
        return at;
    }
}
