namespace Tarn.Engine.Ingest;

/// <summary>Where records stand in their file.</summary>
internal static class RecordLines
{
    /// <summary>The place of each record, in order, without those that do not read at all: a line of text, else the number of the record.</summary>
    /// <param name="source">The source.</param>
    /// <param name="misshapen">Where records of delimited text begin that do not read, ascending.</param>
    public static IEnumerable<long> Of(SourceRelation source, IReadOnlyList<TextPosition> misshapen) => (source.Dialect, source.File.Format) switch
    {
        ({ } dialect, _) => Without(CsvRecords.Read(source.File, dialect).Skip(dialect.HasHeader ? 1 : 0), misshapen),
        (_, SourceFormat.Ndjson) => JsonLines.Read(source.File).Where(l => !l.IsBlank).Select(l => l.Number),
        _ => Numbers(),
    };

    private static IEnumerable<long> Without(IEnumerable<CsvRecord> records, IReadOnlyList<TextPosition> misshapen)
    {
        int next = 0;
        foreach (var record in records)
        {
            int passed = next;
            while (next < misshapen.Count && misshapen[next].Offset < record.End)
                next++;
            if (next == passed)
                yield return record.Line;
        }
    }

    private static IEnumerable<long> Numbers()
    {
        for (long number = 1; ; number++)
            yield return number;
    }
}
