using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Finds out delimiter, quotes, header and types of delimited text with the engine's help.</summary>
/// <param name="connection">Where queries run.</param>
/// <param name="skipsBadRows">Whether rows of other lengths are put aside instead of being errors.</param>
internal sealed class CsvSource(DuckDbConnection connection, bool skipsBadRows)
{
    private const int SampleRows = 20_480;
    private const int QuoteProbeBytes = 4 * 1024 * 1024;

    /// <summary>Finds out what a file holds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="allRows">Whether types are inferred from every row instead of the first twenty thousand.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public SourceRelation Open(SourceFile file, bool allRows, CancellationToken cancellationToken)
    {
        var dialect = Sniff(file, allRows, cancellationToken);
        var columns = dialect.Columns.Select(c => new SourceColumn(c.Name, TypeOf(c.Type), EngineSql.Identifier(c.Name), IsText: true) { HasEmptyText = true }).ToArray();
        var text = TextColumns(file, dialect, columns, allRows, cancellationToken);
        return new SourceRelation(file, dialect.FromSql(file), [.. columns.Select(c => text.Contains(c.Name) ? c with { Type = SimpleType.String } : c)], dialect);
    }

    private CsvDialect Sniff(SourceFile file, bool allRows, CancellationToken cancellationToken)
    {
        string sql = string.Create(CultureInfo.InvariantCulture,
            $"SELECT Delimiter, Quote, Escape, HasHeader, Columns, DateFormat, TimestampFormat FROM sniff_csv({EngineSql.String(file.Path)}, sample_size = {(allRows ? -1 : SampleRows)}, skip = {file.SkippedLines}, comment = '', compression = '{file.Compression}', encoding = '{file.Encoding}'{(skipsBadRows ? ", ignore_errors = true" : "")})");
        try
        {
            using var result = connection.Query(sql, cancellationToken);
            object?[] row = result.Rows(cancellationToken).Single();
            var columns = ((object?[])row[4]!).Cast<KeyValuePair<string, object?>[]>().Select(c => (Name: (string)c[0].Value!, Type: (string)c[1].Value!)).ToArray();
            RefuseRagged(file, columns);
            string quote = Quote(file, Character(row[1])), escape = Character(row[2]);
            // Which of day and month comes first is a guess: such dates stay text.
            var certain = columns.Select(c => IsGuess(c.Type, row[5], row[6]) ? c with { Type = "VARCHAR" } : c);
            return new CsvDialect((string)row[0]!, quote, escape.Length > 0 ? escape : quote, (bool)row[3]!, [.. certain]);
        }
        catch (DuckDbException e) when (!CsvErrors.IsEncoding(e))
        {
            throw Nothing(file) ?? CsvTitle.Find(file) ?? Ragged(file) ?? TarnException.Invalid($"File '{file.Name}' does not read as delimited text: {e.Message.Split('\n')[0]} Look at its first lines: a title above the header is left out with --skip; quotes must close. --on-error quarantine puts bad rows aside.", e);
        }
    }

    private static TarnException? Nothing(SourceFile file)
    {
        if (CsvTitle.Probe(file, CsvTitle.Delimiters[0]).Length > 0)
            return null;
        return TarnException.Invalid(file.SkippedLines > 0
            ? $"File '{file.Name}' has nothing behind the {file.SkippedLines} lines that --skip leaves out. Leave out fewer."
            : $"File '{file.Name}' holds empty lines only. Remove it from the sources, or repeat its download.");
    }

    // When rows are ragged no delimiter fits, and the engine takes each line for one column.
    private static void RefuseRagged(SourceFile file, IReadOnlyList<(string Name, string Type)> columns)
    {
        if (columns.Count == 1 && (Nothing(file) ?? (file.IsStated ? null : CsvTitle.Find(file)) ?? Ragged(file) ?? OneColumn(file)) is { } error)
            throw error;
    }

    // One column is what any text has: it must not be taken for a table in silence.
    private static TarnException? OneColumn(SourceFile file) =>
        file.IsGuess
            ? TarnException.Invalid($"File '{file.Name}' is text without a delimiter, and its name does not say that it is CSV. If it is a table of one column, say so with --format csv.")
            : null;

    private static TarnException? Ragged(SourceFile file)
    {
        foreach (string delimiter in CsvTitle.Delimiters)
        {
            int expected = 0;
            foreach (var (line, count, _) in CsvTitle.Records(file, delimiter))
            {
                expected = expected == 0 ? count : expected;
                if (expected == 1)
                    break;
                if (count != expected)
                    return TarnException.Invalid($"File '{file.Name}', line {line}: {count} values where the first line has {expected} (separated by '{CsvTitle.Shown(delimiter)}'). Mend the line, or ingest with --on-error quarantine.");
            }
        }

        return null;
    }

    private HashSet<string> TextColumns(SourceFile file, CsvDialect dialect, IReadOnlyList<SourceColumn> columns, bool allRows, CancellationToken cancellationToken)
    {
        var typed = columns.Where(c => c.Type.Id != TypeId.String).ToArray();
        if (typed.Length == 0)
            return [];
        string tests = string.Join(", ", typed.Select(c => $"bool_or({ValueFit.IsBad(c, c.Type)})"));
        string rows = allRows ? "" : string.Create(CultureInfo.InvariantCulture, $" LIMIT {SampleRows}");
        using var result = connection.Query($"SELECT {tests} FROM (SELECT * FROM {dialect.FromSql(file, ", ignore_errors = true")}{rows})", cancellationToken);
        object?[] found = result.Rows(cancellationToken).Single();
        return [.. typed.Where((_, i) => found[i] is true).Select(c => c.Name)];
    }

    // Without quotes in the first rows the engine sees none; they may come later. Where a quote is part of a value it must stay off.
    private static string Quote(SourceFile file, string sniffed)
    {
        if (sniffed.Length > 0 || file.Compression != "none")
            return sniffed.Length > 0 ? sniffed : "\"";
        using var stream = File.OpenRead(file.Path);
        byte[] head = new byte[(int)Math.Min(stream.Length, QuoteProbeBytes)];
        stream.ReadExactly(head);
        return head.AsSpan().Contains((byte)'"') ? "" : "\"";
    }

    private static bool IsGuess(string type, object? dateFormat, object? timestampFormat) => type switch
    {
        "DATE" => dateFormat is string format && !format.StartsWith("%Y", StringComparison.Ordinal),
        "TIMESTAMP" => timestampFormat is string format && !format.StartsWith("%Y", StringComparison.Ordinal),
        _ => false,
    };

    private static string Character(object? value) => value is string and not "(empty)" ? (string)value : "";

    private static SimpleType TypeOf(string type) => type switch
    {
        "BOOLEAN" => SimpleType.Boolean,
        "BIGINT" => SimpleType.Long,
        "DOUBLE" => SimpleType.Double,
        "DATE" => SimpleType.Date,
        "TIME" => SimpleType.Time,
        "TIMESTAMP" => SimpleType.Timestamp,
        "TIMESTAMP WITH TIME ZONE" => SimpleType.TimestampTz,
        _ => SimpleType.String,
    };
}
