using System.Text;

namespace Tarn.Engine.Ingest;

/// <summary>A record of delimited text.</summary>
/// <param name="Line">Line on which it begins, from 1.</param>
/// <param name="ValueCount">Its values.</param>
/// <param name="End">Characters of the text up to its end; of UTF-8, bytes.</param>
internal readonly record struct CsvRecord(long Line, int ValueCount, long End);

/// <summary>
/// Where the records of delimited text begin, as the engine divides it: only to say in errors where something stands, so that one character at a
/// time is fast enough.
/// </summary>
internal static class CsvRecords
{
    private const int BufferCharacters = 1 << 16;

    private enum Place
    {
        ValueBegin,
        Plain,
        Quoted,
        Escape,
        Closed,
    }

    /// <summary>Every record behind the lines that are left out; blank lines are none, unless there is one column only.</summary>
    public static IEnumerable<CsvRecord> Read(SourceFile file, CsvDialect dialect)
    {
        using var stream = SourceText.Open(file);
        using var reader = new StreamReader(stream, EncodingOf(file), detectEncodingFromByteOrderMarks: false, BufferCharacters);
        foreach (var record in Read(reader, dialect, file.SkippedLines))
            yield return record;
    }

    /// <summary>The records of a text.</summary>
    internal static IEnumerable<CsvRecord> Read(TextReader reader, CsvDialect dialect, int skippedLines = 0)
    {
        char delimiter = dialect.Delimiter[0], quote = Character(dialect.Quote), escape = Character(dialect.Escape);
        bool hasBlankRecords = dialect.Columns.Count == 1;
        long line = 1, start = 1, position = 0;
        int values = 1, length = 0;
        var place = Place.ValueBegin;
        for (int c = reader.Read(); c >= 0; c = reader.Read())
        {
            position++;
            if (IsMark(c, position))
                continue;
            bool isLineEnd = c == '\n' || (c == '\r' && reader.Peek() != '\n');
            line += isLineEnd ? 1 : 0;
            if (start <= skippedLines)
            {
                start = line;
                continue;
            }

            bool isQuoted = place is Place.Quoted or Place.Escape;
            if (!isQuoted && c is ('\r' or '\n'))
            {
                if (!isLineEnd)
                    continue;
                if (length > 0 || hasBlankRecords)
                    yield return new CsvRecord(start, values, position);
                (start, values, length, place) = (line, 1, 0, Place.ValueBegin);
                continue;
            }

            length++;
            values += c == delimiter && !isQuoted ? 1 : 0;
            place = Next(place, (char)c, delimiter, quote, escape);
        }

        if (length > 0)
            yield return new CsvRecord(start, values, position);
    }

    // A quote opens at the beginning of a value only, behind spaces at most; anywhere else it is a character.
    private static Place Next(Place place, char c, char delimiter, char quote, char escape) => place switch
    {
        Place.Escape => Place.Quoted,
        Place.Quoted when c == escape && escape != quote => Place.Escape,
        Place.Quoted => c == quote ? Place.Closed : Place.Quoted,
        Place.Closed when c == quote && escape == quote => Place.Quoted,
        Place.ValueBegin when c == quote && quote != '\0' => Place.Quoted,
        Place.ValueBegin when c == ' ' && delimiter != ' ' => Place.ValueBegin,
        _ => After(c, delimiter),
    };

    // The mark of UTF-8, whose bytes are read as characters here, or of UTF-16.
    private static bool IsMark(int c, long position) => (position == 1 && c == '\uFEFF') || (position <= 3 && c == "\u00EF\u00BB\u00BF"[(int)position - 1]);

    private static Place After(char c, char delimiter) => c == delimiter ? Place.ValueBegin : Place.Plain;

    private static char Character(string text) => text.Length > 0 ? text[0] : '\0';

    // What separates is of one byte in UTF-8 and its like: bytes that are no characters change nothing, and positions are those of bytes.
    private static Encoding EncodingOf(SourceFile file) => file.Encoding == "utf-8" ? Encoding.Latin1 : TextCopy.EncodingOf(file);
}
