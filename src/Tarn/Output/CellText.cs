using System.Globalization;
using System.Text;
using Tarn.DuckDb.Types;

namespace Tarn.Output;

/// <summary>A value as one cell on a screen.</summary>
internal static class CellText
{
    /// <summary>
    /// The text in one line. Control characters are shown, not sent: they would break the layout, and data must not be able to steer a terminal.
    /// </summary>
    public static string Of(DuckDbType type, object? value) => value is null ? "NULL" : Visible(ValueText.Of(type, value));

    /// <summary>The lines of the text, each as <see cref="Of"/> shows it.</summary>
    public static string[] LinesOf(DuckDbType type, object? value) => value is null ? ["NULL"] : [.. ValueText.Of(type, value).Split('\n').Select(Visible)];

    /// <summary>The text with its control characters written as escapes.</summary>
    public static string Visible(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var visible = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => visible.Append("\\n"),
                '\r' => visible.Append("\\r"),
                '\t' => visible.Append("\\t"),
                _ when char.IsControl(c) => visible.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => visible.Append(c),
            };
        }

        return visible.ToString();
    }
}
