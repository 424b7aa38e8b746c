using System.Globalization;
using System.Text;

namespace Tarn.Terminal;

/// <summary>How many cells of a terminal a text takes.</summary>
internal static class DisplayWidth
{
    /// <summary>Cells of a text without line breaks.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        int width = 0;
        foreach (char c in text)
        {
            if (c is < ' ' or > '~')
                return OfRunes(text);
            width++;
        }

        return width;
    }

    /// <summary>The longest beginning that fits, with <c>…</c> when something was cut off.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        int used = 0;
        int end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int cells = Of(rune);
            if (used + cells > width - 1)
                break;
            used += cells;
            end += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, end), "…");
    }

    /// <summary>Cells of one character: 0 for combining marks, 2 for East Asian wide ones and emoji.</summary>
    public static int Of(Rune rune) => rune.Value switch
    {
        < 0x20 or 0x7f => 0,
        < 0x300 => 1,
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        // The blocks that Unicode's EastAsianWidth.txt lists as W or F, and emoji.
        >= 0x1100 and <= 0x115f or >= 0x2e80 and <= 0x303e or >= 0x3041 and <= 0xa4cf or >= 0xac00 and <= 0xd7a3
            or >= 0xf900 and <= 0xfaff or >= 0xfe30 and <= 0xfe6f or >= 0xff00 and <= 0xff60 or >= 0xffe0 and <= 0xffe6
            or >= 0x1f300 and <= 0x1f64f or >= 0x1f900 and <= 0x1f9ff or >= 0x20000 and <= 0x3fffd => 2,
        _ => 1,
    };

    private static int OfRunes(ReadOnlySpan<char> text)
    {
        int width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Of(rune);
        return width;
    }
}
