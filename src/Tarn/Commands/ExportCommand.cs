using System.IO.Compression;
using System.Text;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Output;
using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary><c>tarn export TABLE --to FILE</c>: rows of a table as a file.</summary>
internal static class ExportCommand
{
    private static readonly string[] TextForms = [".csv", ".json", ".ndjson", ".jsonl", ".md"];

    public static CommandSpec Spec { get; } = new("export", "write rows of a table to a file")
    {
        Details = """
            The ending of FILE decides its form: .csv, .json, .ndjson (or .jsonl), .md, .parquet; with .gz behind a text form it is compressed.
            The file appears when it is complete; a cancelled export leaves none.
            """,
        Arguments = [TableOptions.TableOrPath],
        Options =
        [
            new OptionSpec("to", "FILE", "the file to write"),
            new OptionSpec("overwrite", null, "replace FILE when it exists"),
            .. TableQuery.Options,
        ],
        Examples =
        [
            new("tarn export silver.orders --to orders.parquet", "the whole table"),
            new("tarn export silver.orders --to big.csv.gz --where \"amount > 100\" --overwrite", "some rows, compressed"),
            new("tarn export silver.orders --to year-end.ndjson --at year-end --columns order_id,amount", "as it was at a tag"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var table = TableName.Parse(context.Words.Arguments[0]);
        string target = context.Words.Value("to") ?? throw new UsageException("--to is missing: --to FILE, e.g. --to orders.parquet");
        string form = FormOf(target);
        string path = Path.GetFullPath(target);
        if (Path.Exists(path) && !context.Words.Has("overwrite"))
            throw new TarnException(ErrorKind.AlreadyExists, $"'{target}' exists; --overwrite replaces it.");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw TarnException.NotFound($"There is no folder '{Path.GetDirectoryName(path)}' to export into.");
        await using var lake = await context.OpenLakeAsync(table, cancellationToken);
        string sql = TableQuery.Of(context.Words, (await lake.ResolveAsync(table, cancellationToken)).Name);
        try
        {
            long rows = await UnfinishedFile.WriteAsync(path, unfinished => form == ".parquet"
                ? CopyAsync(context, lake.Session, sql, unfinished, cancellationToken)
                : WriteAsync(context, lake.Session, sql, unfinished, form, path.EndsWith(".gz", StringComparison.Ordinal), cancellationToken));
            context.Say($"{Quantity.Count(rows)} rows, {Quantity.Bytes(new FileInfo(path).Length)} in {target}");
        }
        catch (Exception error) when (error is IOException and not BrokenPipeException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot write the file", path);
        }

        return ExitCode.Done;
    }

    private static string FormOf(string target)
    {
        string name = target.EndsWith(".gz", StringComparison.Ordinal) ? target[..^3] : target;
        string ending = Path.GetExtension(name);
        bool known = ending == ".parquet" ? name.Length == target.Length : TextForms.Contains(ending);
        return known ? ending : throw new UsageException($"--to '{target}': the ending is none of {string.Join(", ", TextForms)} (also with .gz) and .parquet");
    }

    private static async Task<long> CopyAsync(CommandContext context, ISqlSession session, string sql, string path, CancellationToken cancellationToken)
    {
        using var progress = new ProgressDisplay(context.Streams, TimeProvider.System);
        string copy = $"COPY ({sql}) TO {SqlPrinter.QuoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)";
        await using var result = await session.ExecuteAsync(copy, new StatementOptions { Progress = progress }, cancellationToken);
        return result.AffectedRows ?? 0;
    }

    private static async Task<long> WriteAsync(CommandContext context, ISqlSession session, string sql, string path, string form, bool compressed, CancellationToken cancellationToken)
    {
        using var progress = new ProgressDisplay(context.Streams, TimeProvider.System);
        await using var result = await session.ExecuteAsync(sql, new StatementOptions { Progress = progress }, cancellationToken);
        await using Stream file = new FileStream(path, FileMode.Create, FileAccess.Write);
        await using Stream target = compressed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        await using var text = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024) { NewLine = "\n" };
        string format = form switch { ".jsonl" => "ndjson", ".md" => "markdown", _ => form[1..] };
        var streams = new Streams { Out = text, Error = context.Streams.Error, OpenInput = context.Streams.OpenInput };
        return await ResultWriter.WriteAllAsync(result, format, streams, expanded: false, cancellationToken);
    }
}
