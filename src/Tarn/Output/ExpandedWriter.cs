using System.Globalization;
using Tarn.Engine.Sessions;
using Tarn.Terminal;

namespace Tarn.Output;

/// <summary>One line for each value, for rows that are too wide (<c>\x</c>).</summary>
internal sealed class ExpandedWriter(IReadOnlyList<ResultColumn> columns, Streams streams) : ResultWriter(columns)
{
    private readonly string[] _names = [.. columns.Select(column => CellText.Visible(column.Name))];
    private readonly int _width = columns.Max(column => DisplayWidth.Of(CellText.Visible(column.Name)));
    private long _row;

    /// <inheritdoc/>
    public override void Begin()
    {
    }

    /// <inheritdoc/>
    public override void Write(ResultBatch batch)
    {
        for (int row = 0; row < batch.RowCount; row++)
        {
            string title = string.Create(CultureInfo.InvariantCulture, $"─[ row {++_row} ]");
            streams.Out.WriteLine(streams.OutStyle.Dim(title.PadRight(_width + 2, '─')));
            for (int column = 0; column < _names.Length; column++)
                WriteValue(_names[column], CellText.Of(Columns[column].Type, batch.GetValue(column, row)));
        }
    }

    /// <inheritdoc/>
    public override void End()
    {
    }

    private void WriteValue(string name, string value)
    {
        streams.Out.Write(' ');
        streams.Out.Write(streams.OutStyle.Bold(name));
        streams.Out.Write(new string(' ', _width - DisplayWidth.Of(name)));
        streams.Out.Write(streams.OutStyle.Dim(" │ "));
        streams.Out.WriteLine(value);
    }
}
