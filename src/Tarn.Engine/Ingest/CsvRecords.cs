namespace Tarn.Engine.Ingest;

/// <summary>Where the records of delimited text begin: only to say in errors where something stands, so that one character at a time is fast enough.</summary>
internal static class CsvRecords
{
    /// <summary>Line (from 1) and number of values of every record; blank lines are none.</summary>
    public static IEnumerable<(long Line, int ValueCount)> Read(SourceFile file, CsvDialect dialect)
    {
        using var stream = SourceText.Open(file);
        using var reader = new StreamReader(stream, TextCopy.EncodingOf(file), detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
        foreach (var record in Read(reader, dialect.Delimiter[0], dialect.Quote.Length > 0 ? dialect.Quote[0] : '\0'))
            yield return record;
    }

    /// <summary>The records of a text.</summary>
    internal static IEnumerable<(long Line, int ValueCount)> Read(TextReader reader, char delimiter, char quote)
    {
        long line = 1, start = 1;
        int values = 1, length = 0;
        bool isQuoted = false;
        for (int c = reader.Read(); c >= 0; c = reader.Read())
        {
            if (c == '\r' && reader.Peek() == '\n')
                continue;
            bool isNewLine = c is '\n' or '\r';
            if (isNewLine && !isQuoted)
            {
                if (length > 0)
                    yield return (start, values);
                (start, values, length) = (++line, 1, 0);
                continue;
            }

            line += isNewLine ? 1 : 0;
            length++;
            if (c == quote && quote != '\0')
                isQuoted = !isQuoted;
            else if (c == delimiter && !isQuoted)
                values++;
        }

        if (length > 0)
            yield return (start, values);
    }
}
