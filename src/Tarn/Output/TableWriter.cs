using Tarn.Engine.Sessions;
using Tarn.Terminal;

namespace Tarn.Output;

/// <summary>
/// A table for people: numbers at the right, widths from the first rows, no wider than the terminal (what is cut ends with <c>…</c>).
/// Into a file or pipe nothing is cut. A result that is one text of several lines, as that of <c>SHOW CREATE TABLE</c>, is shown in its lines.
/// </summary>
internal sealed class TableWriter(IReadOnlyList<ResultColumn> columns, Streams streams) : ResultWriter(columns)
{
    /// <summary>Rows that decide the widths; a longer value further down widens its column from there on.</summary>
    internal const int SampleRows = 1_000;

    private readonly List<string[]> _sample = [];
    private readonly TextWriter _out = streams.Out;
    private int[]? _widths;
    private string[] _firstLines = [];

    /// <inheritdoc/>
    public override void Begin()
    {
    }

    /// <inheritdoc/>
    public override void Write(ResultBatch batch)
    {
        if (_firstLines.Length == 0 && Columns.Count == 1 && batch.RowCount > 0)
            _firstLines = CellText.LinesOf(Columns[0].Type, batch.GetValue(0, 0));
        for (int row = 0; row < batch.RowCount; row++)
        {
            var cells = new string[Columns.Count];
            for (int column = 0; column < cells.Length; column++)
                cells[column] = CellText.Of(Columns[column].Type, batch.GetValue(column, row));
            Add(cells);
        }
    }

    /// <inheritdoc/>
    public override void CatchUp() => WriteSample();

    /// <inheritdoc/>
    public override void End()
    {
        WriteSample();
        if (_widths!.Length == Columns.Count)
            return;
        _out.Flush(); // both streams may be one screen
        int missing = Columns.Count - _widths.Length;
        streams.Error.WriteLine(streams.ErrorStyle.Dim($"{missing} {(missing == 1 ? "column does" : "columns do")} not fit; \\x in the shell or another --format shows all"));
    }

    private void Add(string[] cells)
    {
        if (_widths is not null)
        {
            WriteLine(cells);
            return;
        }

        _sample.Add(cells);
        if (_sample.Count == SampleRows)
            WriteSample();
    }

    private void WriteSample()
    {
        if (_widths is not null)
            return;
        if (_sample.Count == 1 && _firstLines.Length > 1)
        {
            _sample.Clear();
            _sample.AddRange(_firstLines.Select(line => new[] { line }));
        }

        var names = Columns.Select(column => CellText.Visible(column.Name)).ToArray();
        int[] values = [.. names.Select((_, column) => _sample.Select(row => DisplayWidth.Of(row[column])).DefaultIfEmpty().Max())];
        int[] wanted = [.. names.Select((name, column) => Math.Max(DisplayWidth.Of(name), values[column]))];
        int[] least = [.. wanted.Select((width, column) => Math.Max(Math.Min(width, TableLayout.NarrowestColumn), Needed(column, values[column])))];
        _widths = streams.OutIsTerminal ? TableLayout.Fit(wanted, least, streams.Width()) : wanted;
        WriteLine(names, streams.OutStyle.IsOn ? streams.OutStyle.Bold : null);
        _out.WriteLine(streams.OutStyle.Dim(string.Join('┼', _widths.Select(width => new string('─', width + 2)))));
        foreach (var row in _sample)
            WriteLine(row);
        _sample.Clear();
    }

    private int Needed(int column, int width) => ValueText.IsTime(Columns[column].Type) ? Math.Min(width, TableLayout.NarrowestTime)
        : ValueText.IsNumber(Columns[column].Type) && width <= TableLayout.WidestNumber ? width
        : 0;

    // A longer value further down widens its column as far as the terminal has room.
    private void Widen(string[] cells)
    {
        int slack = streams.Width() - _widths!.Sum(width => width + TableLayout.Frame) + 1;
        for (int column = 0; column < _widths!.Length; column++)
        {
            int more = Math.Clamp(DisplayWidth.Of(cells[column]) - _widths[column], 0, Math.Max(0, slack));
            _widths[column] += more;
            slack -= more;
        }
    }

    private void WriteLine(string[] cells, Func<string, string>? style = null)
    {
        if (streams.OutIsTerminal)
            Widen(cells);
        for (int column = 0; column < _widths!.Length; column++)
        {
            string text = streams.OutIsTerminal ? DisplayWidth.Cut(cells[column], _widths[column]) : cells[column];
            int padding = Math.Max(0, _widths[column] - DisplayWidth.Of(text));
            bool right = ValueText.IsNumber(Columns[column].Type);
            bool last = column == _widths.Length - 1;
            if (column > 0)
                _out.Write(streams.OutStyle.Dim("│"));
            _out.Write(' ');
            _out.Write(right ? new string(' ', padding) : "");
            _out.Write(style is null ? text : style(text));
            _out.Write(last ? "" : right ? " " : new string(' ', padding + 1));
        }

        _out.Write('\n');
    }
}
