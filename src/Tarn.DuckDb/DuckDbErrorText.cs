using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tarn.DuckDb;

/// <summary>
/// Finds the place of an error that DuckDB shows as <c>LINE 3: …text…</c> with a caret in the next line
/// (QueryErrorContext::Format). The shown text is cut to about 120 columns around the place, so it is looked up in the statement.
/// </summary>
internal static partial class DuckDbErrorText
{
    private const string Cut = "...";

    [GeneratedRegex(@"\n(?<head>LINE (?<line>\d+): )(?<text>[^\r\n]*)\n(?<indent> *)\^", RegexOptions.CultureInvariant)]
    private static partial Regex Excerpt { get; }

    internal static DuckDbErrorPosition? FindPosition(string message, string sql)
    {
        // The last excerpt is the statement's own; earlier ones can be quoted from a nested statement.
        var match = Excerpt.Matches(message).LastOrDefault();
        if (match is null || !int.TryParse(match.Groups["line"].Value, CultureInfo.InvariantCulture, out var line))
            return null;
        var text = match.Groups["text"].Value;
        var indent = match.Groups["indent"].Length - match.Groups["head"].Length;
        return LineBounds(sql, line) is { } bounds
            && Locate(sql.AsSpan(bounds.Start, bounds.Length), text, indent) is { } column
            ? new DuckDbErrorPosition(line, column + 1, bounds.Start + column)
            : null;
    }

    /// <summary>The index within the line that a caret points at, given the text above the caret and the caret's column in it.</summary>
    private static int? Locate(ReadOnlySpan<char> line, string shown, int caretColumn)
    {
        if (line.SequenceEqual(shown))
            return IndexOfColumn(line, caretColumn);
        var (start, columns) = shown.StartsWith(Cut, StringComparison.Ordinal) ? (Cut.Length, caretColumn - Cut.Length) : (0, caretColumn);
        var excerpt = shown.AsSpan(start);
        if (excerpt.EndsWith(Cut) && line.IndexOf(excerpt) < 0)
            excerpt = excerpt[..^Cut.Length];
        var at = line.IndexOf(excerpt);
        return at < 0 ? null : at + IndexOfColumn(excerpt, columns);
    }

    /// <summary>The index at which a display column begins; characters of East Asian scripts and emoji take two columns.</summary>
    private static int IndexOfColumn(ReadOnlySpan<char> text, int column)
    {
        var index = 0;
        while (column > 0 && index < text.Length)
        {
            Rune.DecodeFromUtf16(text[index..], out var rune, out _);
            column -= Width(rune);
            index += StringInfo.GetNextTextElementLength(text[index..]);
        }
        return index;
    }

    private static int Width(Rune rune) => rune.Value switch
    {
        < 0x1100 => 1,
        <= 0x115F or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) => 2,
        (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) => 2,
        (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => 1,
    };

    private static (int Start, int Length)? LineBounds(string sql, int line)
    {
        var start = 0;
        for (var number = 1; ; number++)
        {
            var length = sql.AsSpan(start).IndexOfAny('\r', '\n');
            if (number == line)
                return (start, length < 0 ? sql.Length - start : length);
            if (length < 0)
                return null;
            start += length + (sql.AsSpan(start + length).StartsWith("\r\n") ? 2 : 1);
        }
    }
}
