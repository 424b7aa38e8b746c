namespace Tarn.Engine.Sql;

/// <summary>A whole SQL text (a command, a script) and the places of its lines. Every token and slice points back to it.</summary>
public sealed class SqlSource(string text)
{
    private int[]? _lineStarts;

    /// <summary>The text as it was given.</summary>
    public string Text { get; } = text;

    /// <summary>Line and column of an offset from 0 to the length of the text; a line ends with LF, CRLF or CR.</summary>
    public SourcePosition PositionAt(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Text.Length);
        var starts = LineStarts();
        var found = Array.BinarySearch(starts, offset);
        var line = found >= 0 ? found : ~found - 1;
        return new SourcePosition(offset, line + 1, offset - starts[line] + 1);
    }

    /// <summary>The text of a line (counted from 1) without its line end.</summary>
    public string LineText(int line)
    {
        var starts = LineStarts();
        var end = line < starts.Length ? starts[line] : Text.Length;
        return Text[starts[line - 1]..end].TrimEnd('\r', '\n');
    }

    private int[] LineStarts() => _lineStarts ??= FindLineStarts(Text);

    private static int[] FindLineStarts(string text)
    {
        List<int> starts = [0];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}
