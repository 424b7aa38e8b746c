using System.Globalization;
using Tarn.CommandLine;
using Tarn.Core.Files;
using Tarn.Engine.Sessions;
using Tarn.Synthetic;
using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary><c>tarn generate KIND</c>: files of realistic made-up data, the same for the same seed.</summary>
internal static class GenerateCommand
{
    private const long DefaultRows = 100_000;

    public static CommandSpec Spec { get; } = new("generate", "make realistic data: a year of sales, user activity, or sensor readings")
    {
        Details = """
            The same kind, number of rows, seed and share of dirty rows give the same bytes on every machine.
            Dirty rows are duplicates, missing values, impossible dates, words in mixed case and the like; how many of each is said at the end.
            The path of the file is printed on stdout.
            """,
        Arguments = [new ArgumentSpec("KIND", "sales, activity or sensors")],
        Options =
        [
            new OptionSpec("rows", "N", "how many rows, e.g. 500000, 500k or 5M (default: 100k)"),
            new OptionSpec("out", "DIR", "folder to write into (default: .)"),
            new OptionSpec("format", "FORMAT", "csv, json, ndjson or parquet (default: csv)") { Choices = ["csv", "json", "ndjson", "parquet"] },
            new OptionSpec("seed", "S", "another number gives other data of the same shape (default: 1)"),
            new OptionSpec("dirty", "SHARE", "share of rows with a defect, e.g. 2% or 0.02 (default: 0)"),
        ],
        Examples =
        [
            new("tarn generate sales --rows 1M --out raw", "a million order lines in raw/sales.csv"),
            new("tarn generate sensors --rows 100k --out raw --format parquet --seed 7", "sensor readings as Parquet"),
            new("tarn generate activity --rows 100k --out raw --format ndjson --dirty 2%", "events with some defects, to practise cleaning"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var words = context.Words;
        string kind = words.Arguments[0];
        if (!Dataset.Names.Contains(kind))
            throw new UsageException($"'{kind}' is none of {string.Join(", ", Dataset.Names)}{CommandParser.DidYouMean(kind, Dataset.Names)}");
        var dataset = Dataset.Named(kind, words.Number("rows", 1) ?? DefaultRows, (ulong)(words.Number("seed") ?? 1), Share(words.Value("dirty")));
        string format = words.Value("format") ?? "csv";
        string folder = words.Value("out") ?? ".";
        string path = Path.Join(folder, $"{kind}.{format}");
        var start = TimeProvider.System.GetTimestamp();
        var summary = await WriteAsync(context.Streams, dataset, format, path, cancellationToken);
        Report(context, summary, new FileInfo(path).Length, TimeProvider.System.GetElapsedTime(start));
        context.Streams.Out.WriteLine(path);
        return ExitCode.Done;
    }

    /// <summary>Writes a dataset to a file, which appears when it is complete.</summary>
    public static async Task<DatasetSummary> WriteAsync(Streams streams, Dataset dataset, string format, string path, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return await WriteCompleteAsync(streams, dataset, format, path, cancellationToken);
        }
        catch (Exception error) when (error is IOException and not BrokenPipeException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot write the file", Path.GetFullPath(path));
        }
    }

    private static async Task<DatasetSummary> WriteCompleteAsync(Streams streams, Dataset dataset, string format, string path, CancellationToken cancellationToken)
    {
        using var display = new ProgressDisplay(streams, TimeProvider.System);
        var progress = new RowProgress(display, $"generating {Path.GetFileName(path)}", dataset.RowCount);
        return await UnfinishedFile.WriteAsync(path, unfinished => format == "parquet"
            ? GeneratedParquet.WriteAsync(dataset, unfinished, progress, cancellationToken)
            : WriteTextAsync(dataset, format, unfinished, progress, cancellationToken));
    }

    private static async Task<DatasetSummary> WriteTextAsync(Dataset dataset, string format, string path, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var form = format switch { "csv" => DatasetFormat.Csv, "json" => DatasetFormat.Json, _ => DatasetFormat.Ndjson };
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        return await dataset.WriteAsync(file, form, new DatasetWriteOptions { Progress = progress }, cancellationToken);
    }

    private static void Report(CommandContext context, DatasetSummary summary, long bytes, TimeSpan elapsed)
    {
        double perSecond = summary.RowCount / Math.Max(elapsed.TotalSeconds, 1e-6);
        context.Say($"{Quantity.Count(summary.RowCount)} rows, {Quantity.Bytes(bytes)} in {Quantity.Duration(elapsed)} ({Quantity.Short(perSecond)} rows/s)");
        if (summary.Defects.Total == 0)
            return;
        var defects = summary.Defects.Counts.Where(pair => pair.Value > 0).Select(pair => $"{Words(pair.Key)} {Quantity.Count(pair.Value)}");
        context.Say($"{Quantity.Count(summary.Defects.Total)} dirty rows: {string.Join(", ", defects)}");
    }

    // UnknownCategory → unknown category.
    private static string Words(DefectKind kind) =>
        string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));

    private static double Share(string? text)
    {
        if (text is null)
            return 0;
        bool percent = text.EndsWith('%');
        return double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && (value = percent ? value / 100 : value) is >= 0 and <= 0.5
            ? value
            : throw new UsageException($"--dirty '{text}' is not a share of 0 to 50 %, e.g. 2% or 0.02");
    }

    private sealed class RowProgress(ProgressDisplay display, string stage, long rows) : IProgress<long>
    {
        public void Report(long value) => display.Report(new StatementProgress(stage, value, rows, "rows"));
    }
}
