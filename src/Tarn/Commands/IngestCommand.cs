using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;
using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary><c>tarn ingest SOURCE…</c>: files become rows of a table, in one commit.</summary>
internal static class IngestCommand
{
    public static CommandSpec Spec { get; } = new("ingest", "load files into a table: CSV, JSON, NDJSON, Parquet, plain or compressed")
    {
        Details = """
            A source is a file, a folder, a pattern in quotes ('raw/*.csv') or - for standard input. Format, encoding, delimiter and types are found by
            reading; schema and table are made when they are missing. One commit: cancelled or killed, all is as before.
            """,
        Arguments = [new ArgumentSpec("SOURCE", "a file, folder, pattern, or - for standard input") { Many = true }],
        Options =
        [
            new OptionSpec("table", "NAME", "the table: schema.table") { Letter = 't' },
            new OptionSpec("format", "FORMAT", "form of the sources: csv, json, ndjson or parquet (default: found by their names and contents)") { Choices = ["csv", "json", "ndjson", "parquet"] },
            new OptionSpec("skip", "N", "leave out the first N lines of every CSV file: a title above the header (default: 0)"),
            new OptionSpec("mode", "MODE", "append: add the rows; overwrite: replace the rows that are there (default: append)") { Choices = ["append", "overwrite"] },
            new OptionSpec("partition-by", "FIELD", "partition a new table, e.g. 'month(order_date)'; repeatable") { Repeatable = true },
            new OptionSpec("schema", "HOW", "evolve: add new columns, widen types; freeze: refuse both (default: evolve)") { Choices = ["evolve", "freeze"] },
            new OptionSpec("on-error", "HOW", "fail: the first bad row ends the command; quarantine: bad rows go to NAME__rejected (default: fail)") { Choices = ["fail", "quarantine"] },
        ],
        Examples =
        [
            new("tarn ingest raw/sales.csv --table sales.orders", "a file; the table is made"),
            new("tarn ingest 'raw/*.csv' --table sales.orders --on-error quarantine", "all files of a pattern; what does not fit is set aside"),
            new("tarn ingest raw/sensors.parquet --table plant.readings --mode overwrite", "replace what is there"),
            new("tarn ingest raw/sales.csv --table sales.copies --format csv", "say what the files are, whatever their names"),
            new("(echo 'Sales report'; cat raw/sales.csv) | tarn ingest - --table sales.reported --skip 1", "leave out a title above the header"),
            new("cat raw/activity.ndjson | tarn ingest - --table web.events", "standard input"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var request = RequestOf(context.Words) with { OpenInput = context.Streams.OpenInput };
        await using var lake = await context.OpenLakeAsync(LakeAccess.Create, cancellationToken);
        long start = TimeProvider.System.GetTimestamp();
        IngestResult result;
        using (var progress = new ProgressDisplay(context.Streams, TimeProvider.System))
            result = await lake.IngestAsync(request, progress, cancellationToken);
        foreach (string line in Lines(request, result, TimeProvider.System.GetElapsedTime(start)))
            context.Say(line);
        return ExitCode.Done;
    }

    /// <summary>What the options ask for.</summary>
    /// <exception cref="UsageException">The table is missing or no name.</exception>
    internal static IngestRequest RequestOf(ParsedCommand words)
    {
        string table = words.Value("table") ?? throw new UsageException("--table is missing: --table NAME, e.g. --table sales.orders");
        var name = TableName.Parse(table);
        var identifier = name.Identifier ?? throw new UsageException($"--table '{table}' is a path; files are loaded into tables of the lake: schema.table");
        return new IngestRequest(words.Arguments, QualifiedName.Of(name.NamesCatalog ? [.. name.Parts] : [.. identifier.Namespace.Levels, identifier.Name]))
        {
            Mode = words.Value("mode") == "overwrite" ? IngestMode.Overwrite : IngestMode.Append,
            Schema = words.Value("schema") == "freeze" ? SchemaHandling.Freeze : SchemaHandling.Evolve,
            OnError = words.Value("on-error") == "quarantine" ? ErrorHandling.Quarantine : ErrorHandling.Fail,
            PartitionBy = words.Values("partition-by"),
            SkippedLines = (int)Math.Min(words.Number("skip") ?? 0, int.MaxValue),
            Format = words.Value("format") switch { "csv" => SourceFormat.Csv, "json" => SourceFormat.Json, "ndjson" => SourceFormat.Ndjson, "parquet" => SourceFormat.Parquet, _ => null },
        };
    }

    private static string Rows(long count) => count == 1 ? "1 row" : $"{Quantity.Count(count)} rows";

    private static IEnumerable<string> Lines(IngestRequest request, IngestResult result, TimeSpan elapsed)
    {
        string table = request.Table.Dotted;
        string files = result.FileCount == 1 ? "1 file" : $"{Quantity.Count(result.FileCount)} files";
        double perSecond = (result.RowCount + result.RejectedCount) / Math.Max(elapsed.TotalSeconds, 1e-6);
        yield return $"{Rows(result.RowCount)} from {files} into {table}{(result.Created ? " (new)" : "")} in {Quantity.Duration(elapsed)} ({Quantity.Short(perSecond)} rows/s)";
        if (result.AddedColumns.Count > 0)
            yield return $"new columns: {string.Join(", ", result.AddedColumns)}";
        if (result.WidenedColumns.Count > 0)
            yield return $"widened columns: {string.Join(", ", result.WidenedColumns)}";
        if (result.RejectedCount > 0)
            yield return $"{Rows(result.RejectedCount)} did not fit and {(result.RejectedCount == 1 ? "is" : "are")} in {table}__rejected with reason, file and line";
    }
}
