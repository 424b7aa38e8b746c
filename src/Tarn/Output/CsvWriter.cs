using System.Buffers;
using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>
/// CSV with a header, quoted as RFC 4180 says; lines end with LF, as Unix tools expect. NULL is an empty field, an empty text is <c>""</c> (so is NULL in a result of one column, where an empty line would be no row).
/// </summary>
internal sealed class CsvWriter(IReadOnlyList<ResultColumn> columns, TextWriter to) : ResultWriter(columns)
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create("\",\r\n");

    /// <inheritdoc/>
    public override void Begin()
    {
        for (int column = 0; column < Columns.Count; column++)
        {
            Separate(column);
            WriteField(Columns[column].Name);
        }

        to.Write('\n');
    }

    /// <inheritdoc/>
    public override void Write(ResultBatch batch)
    {
        for (int row = 0; row < batch.RowCount; row++)
        {
            for (int column = 0; column < Columns.Count; column++)
            {
                Separate(column);
                if (batch.GetValue(column, row) is { } value)
                    WriteField(ValueText.Of(Columns[column].Type, value));
                else if (Columns.Count == 1)
                    to.Write("\"\""); // an empty line would be no row at all to most readers
            }

            to.Write('\n');
        }
    }

    /// <inheritdoc/>
    public override void End()
    {
    }

    private void Separate(int column)
    {
        if (column > 0)
            to.Write(',');
    }

    private void WriteField(string text)
    {
        if (text.Length > 0 && !text.AsSpan().ContainsAny(NeedQuotes) && text[0] != ' ' && text[^1] != ' ')
        {
            to.Write(text);
            return;
        }

        to.Write('"');
        to.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        to.Write('"');
    }
}
