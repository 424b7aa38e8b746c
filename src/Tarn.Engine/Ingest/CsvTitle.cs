using Tarn.Core.Errors;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Finds lines above a table, such as a title: no delimiter divides all lines of such a file alike, and the engine takes each line for one column.
/// </summary>
internal static class CsvTitle
{
    private const int ProbedRecords = 1000;

    // A few lines at the end that a delimiter divides alike by chance make no table of a text.
    private const int MaxTitleRecords = 20;

    /// <summary>What separates values, the usual first.</summary>
    public static IReadOnlyList<string> Delimiters { get; } = [",", ";", "\t", "|"];

    /// <summary>The first records, divided by a delimiter as if there were no header.</summary>
    public static CsvRecord[] Probe(SourceFile file, string delimiter) => [.. Records(file, delimiter).Take(ProbedRecords)];

    /// <summary>All records, divided by a delimiter.</summary>
    public static IEnumerable<CsvRecord> Records(SourceFile file, string delimiter) => CsvRecords.Read(file, new CsvDialect(delimiter, "\"", "\"", true, []));

    /// <summary>The error that names the line with which the table begins; null when no delimiter divides the later lines alike.</summary>
    public static TarnException? Find(SourceFile file)
    {
        var best = Delimiters.Select(d => (Delimiter: d, Records: Probe(file, d))).Select(p => (p.Delimiter, p.Records, Table: Table(p.Records))).MaxBy(p => (p.Table.Count, p.Table.Values));
        if (best.Table.Count == 0)
            return null;
        string delimiter = Shown(best.Delimiter);
        var (first, before) = (best.Records[best.Table.Start], best.Records[best.Table.Start - 1]);
        return TarnException.Invalid(
            $"File '{file.Name}', line {first.Line}: {first.ValueCount} values (separated by '{delimiter}') where line {before.Line} has {before.ValueCount}. If the lines above are a title or comment, leave them out with --skip {first.Line - 1}; put values that hold '{delimiter}' into quotes. If it is a table of one column as it stands, say so with --format csv.");
    }

    /// <summary>A delimiter as messages show it.</summary>
    public static string Shown(string delimiter) => delimiter.Replace("\t", "\\t", StringComparison.Ordinal);

    /// <summary>Where a table begins below other lines, how many records divide as it does, and into how many values; a count of 0 when there is none.</summary>
    private static (int Start, int Count, int Values) Table(CsvRecord[] records)
    {
        var most = records.CountBy(r => r.ValueCount).Where(c => c.Key > 1).DefaultIfEmpty().MaxBy(c => (c.Value, c.Key));
        int start = Array.FindIndex(records, r => r.ValueCount == most.Key);
        if (most.Value < 2 || start < 1 || !records.Take(start).Any(r => r.ValueCount == 1))
            return default;
        bool endsAlike = start <= MaxTitleRecords && start + most.Value == records.Length;
        return endsAlike || most.Value > records.Length / 2 ? (start, most.Value, most.Key) : default;
    }
}
