using System.Globalization;
using System.Text;

namespace Tarn.Terminal.Editing;

/// <summary>The text being typed as it stands on the screen.</summary>
/// <param name="Body">What to write from the first cell on; rows are separated by CR LF.</param>
/// <param name="Rows">Rows of the screen that it takes.</param>
/// <param name="CursorRow">Row of the cursor, from 0.</param>
/// <param name="CursorColumn">Column of the cursor, from 0.</param>
internal sealed record Frame(string Body, int Rows, int CursorRow, int CursorColumn)
{
    /// <summary>Lays a text out. Rows stop one cell before the edge, where terminals differ in when they wrap.</summary>
    /// <param name="prompts">Before the first line, and before each other line.</param>
    /// <param name="text">The text.</param>
    /// <param name="cursor">Offset of the cursor.</param>
    /// <param name="width">Cells of a row of the terminal.</param>
    /// <param name="style">Colours of the prompts.</param>
    public static Frame Lay((string First, string Next) prompts, string text, int cursor, int width, Style style)
    {
        var body = new StringBuilder(style.Cyan(prompts.First));
        int limit = Math.Max(20, width) - 1;
        int row = 0, column = DisplayWidth.Of(prompts.First);
        var at = (Row: row, Column: column);
        for (int i = 0; i < text.Length;)
        {
            if (i == cursor)
                at = (row, column);
            int length = StringInfo.GetNextTextElementLength(text, i);
            string element = text.Substring(i, length);
            i += length;
            string shown = element == "\t" ? "    " : element;
            if (element == "\n")
            {
                body.Append("\r\n").Append(style.Dim(prompts.Next));
                (row, column) = (row + 1, DisplayWidth.Of(prompts.Next));
                continue;
            }

            if (column + DisplayWidth.Of(shown) > limit)
            {
                body.Append("\r\n");
                (row, column) = (row + 1, 0);
            }

            body.Append(shown);
            column += DisplayWidth.Of(shown);
        }

        if (cursor >= text.Length)
            at = (row, column);
        return new Frame(body.ToString(), row + 1, at.Row, at.Column);
    }

    /// <summary>The bytes that replace an earlier frame, whose cursor row is given (0 when there is none), by this one.</summary>
    public string Redraw(int earlierCursorRow)
    {
        var text = new StringBuilder("\r");
        Move(text, earlierCursorRow, 'A');
        text.Append("\e[J").Append(Body);
        Move(text, Rows - 1 - CursorRow, 'A');
        text.Append('\r');
        Move(text, CursorColumn, 'C');
        return text.ToString();
    }

    /// <summary>The bytes that move from the cursor behind the last row.</summary>
    public string Leave()
    {
        var text = new StringBuilder();
        Move(text, Rows - 1 - CursorRow, 'B');
        return text.Append("\r\n").ToString();
    }

    private static void Move(StringBuilder text, int count, char direction)
    {
        if (count > 0)
            text.Append("\e[").Append(count).Append(direction);
    }
}
