using System.Text;
using Tarn.Core.Errors;
using Tarn.DuckDb.Writing;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>
/// Lines of OpenCSVSerde, which reads each alone with opencsv 2.3: columns are text, missing ones null. A quoted text does not go on in the next line; where
/// one would, the rest of the line is lost there, and here the line is damaged.
/// </summary>
internal sealed class CsvLineDecoder : ILineDecoder
{
    private readonly char _separator, _quote, _escape;
    private readonly IReadOnlyList<LineColumn> _wanted;
    private readonly List<string> _columns = [];
    private readonly StringBuilder _column = new();

    /// <param name="options">Options of the format.</param>
    /// <param name="wanted">The wanted columns.</param>
    public CsvLineDecoder(IReadOnlyDictionary<string, string> options, IReadOnlyList<LineColumn> wanted)
    {
        _wanted = wanted;
        _separator = One(options, "separatorChar", ',');
        _quote = One(options, "quoteChar", '"');
        // The default of the writer, a quote, makes the SerDe take the default of the reader.
        _escape = One(options, "escapeChar", '"') is var sign && sign == '"' ? '\\' : sign;
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> line, DuckDbChunkWriter output, int row)
    {
        Split(LineColumn.Text(line));
        foreach (var column in _wanted)
            column.Write(output, row, column.Position < _columns.Count ? _columns[column.Position] : null);
    }

    private void Split(string line)
    {
        _columns.Clear();
        _column.Clear();
        bool isQuoted = false, isWithin = false;
        for (int i = 0; i < line.Length; i++)
        {
            char sign = line[i];
            if (sign == _escape)
            {
                if ((isQuoted || isWithin) && i + 1 < line.Length && (line[i + 1] == _quote || line[i + 1] == _escape))
                    _column.Append(line[++i]);
            }
            else if (sign == _quote)
            {
                if ((isQuoted || isWithin) && i + 1 < line.Length && line[i + 1] == _quote)
                    _column.Append(line[++i]);
                else
                {
                    AddOddQuote(line, i);
                    isQuoted = !isQuoted;
                }

                isWithin = !isWithin;
            }
            else if (sign == _separator && !isQuoted)
            {
                _columns.Add(_column.ToString());
                _column.Clear();
                isWithin = false;
            }
            else
            {
                _column.Append(sign);
                isWithin = true;
            }
        }

        if (isQuoted)
            throw TarnException.Corrupted("a quoted text does not end in its line");
        _columns.Add(_column.ToString());
    }

    // A quote that neither begins nor ends a column is kept, unless only blanks are before it: then they are not.
    private void AddOddQuote(string line, int at)
    {
        if (at <= 2 || line[at - 1] == _separator || at + 1 >= line.Length || line[at + 1] == _separator)
            return;
        if (_column.Length > 0 && string.IsNullOrWhiteSpace(_column.ToString()))
            _column.Clear();
        else
            _column.Append(line[at]);
    }

    private static char One(IReadOnlyDictionary<string, string> options, string option, char unset) =>
        options.TryGetValue(option, out string? text) && text.Length > 0 ? text[0] : unset;
}
