namespace Tarn.Engine.Ingest;

/// <summary>Where records stand in their file.</summary>
internal static class RecordLines
{
    /// <summary>The place of each record, in order, without those that do not read at all: a line of text, else the number of the record.</summary>
    /// <param name="source">The source.</param>
    /// <param name="misshapen">Lines of records of delimited text that do not read.</param>
    public static IEnumerable<long> Of(SourceRelation source, IReadOnlySet<long> misshapen) => (source.Dialect, source.File.Format) switch
    {
        ({ } dialect, _) => CsvRecords.Read(source.File, dialect).Skip(dialect.HasHeader ? 1 : 0).Select(r => r.Line).Where(l => !misshapen.Contains(l)),
        (_, SourceFormat.Ndjson) => JsonLines.Read(source.File).Where(l => !l.IsBlank).Select(l => l.Number),
        _ => Numbers(),
    };

    private static IEnumerable<long> Numbers()
    {
        for (long number = 1; ; number++)
            yield return number;
    }
}
