using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>A table of GitHub Flavored Markdown. Cells have no line breaks, so these become <c>&lt;br&gt;</c>.</summary>
internal sealed class MarkdownWriter(IReadOnlyList<ResultColumn> columns, TextWriter to) : ResultWriter(columns)
{
    /// <inheritdoc/>
    public override void Begin()
    {
        WriteLine(Columns.Select(column => Escape(column.Name)));
        WriteLine(Columns.Select(column => ValueText.IsNumber(column.Type) ? "---:" : "---"));
    }

    /// <inheritdoc/>
    public override void Write(ResultBatch batch)
    {
        for (int row = 0; row < batch.RowCount; row++)
            WriteLine(Columns.Select((column, index) => batch.GetValue(index, row) is { } value ? Escape(ValueText.Of(column.Type, value)) : "NULL"));
    }

    /// <inheritdoc/>
    public override void End()
    {
    }

    private void WriteLine(IEnumerable<string> cells)
    {
        to.Write('|');
        foreach (string cell in cells)
        {
            to.Write(' ');
            to.Write(cell);
            to.Write(" |");
        }

        to.Write('\n');
    }

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("\r\n", "<br>", StringComparison.Ordinal)
        .Replace("\n", "<br>", StringComparison.Ordinal)
        .Replace("\r", "<br>", StringComparison.Ordinal);
}
