using System.Text;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Shell;

namespace Tarn.Commands;

/// <summary><c>tarn sql</c>: statements from the command line, a file, standard input, or typed into a shell.</summary>
internal static class SqlCommand
{
    public static CommandSpec Spec { get; } = new("sql", "run SQL: one statement, a script, or an interactive shell")
    {
        Details = """
            SQL as an argument is the same as -c. Without SQL, -c and -f a terminal gets an interactive shell, and anything else on standard input is run as a script.
            The tables of the lake are iceberg.SCHEMA.TABLE; 'USE iceberg.SCHEMA' or just SCHEMA.TABLE is shorter.
            A lake is made when a statement creates something and there is none.
            Local files can be queried and joined by name: SELECT * FROM 'data.csv'. Several statements are separated by ';'.
            """,
        Arguments = [new ArgumentSpec("SQL", "run these statements and end, as -c") { Optional = true }],
        Options =
        [
            new OptionSpec("command", "SQL", "run these statements and end; repeatable") { Letter = 'c', Repeatable = true },
            new OptionSpec("file", "FILE", "run the statements of a file and end ('-': standard input)") { Letter = 'f', Repeatable = true },
            new OptionSpec("timing", null, "say after each statement how many rows it gave and how long it took"),
        ],
        Examples =
        [
            new("tarn sql", "the interactive shell"),
            new("tarn sql \"SELECT 6 * 7 AS answer\"", "one statement, without any lake"),
            new("tarn sql -c \"SHOW TABLES FROM iceberg.gold\"", "one statement"),
            new("tarn sql -c \"SELECT region, sum(revenue) AS revenue FROM gold.sales_by_month GROUP BY region\" --format csv", "a result as CSV"),
            new("tarn sql -c \"SELECT count(*) FROM 'raw/sales.csv'\"", "a local file, without ingesting it"),
            new("tarn sql -f report.sql --format json", "a script"),
            new("echo \"SELECT 1 AS one\" | tarn sql --format ndjson", "a script from a pipe"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (commands, files) = (Commands(context.Words), context.Words.Values("file"));
        if (commands.Count > 0 && files.Count > 0)
            throw new UsageException("SQL or -c, and -f, do not go together");
        if (commands.Count + files.Count == 0 && context.Streams.InputIsTerminal && context.Streams.ErrorIsTerminal)
        {
            await using var shown = await context.OpenLakeAsync(LakeAccess.Create, cancellationToken);
            return await SqlShell.RunAsync(shown, context, cancellationToken);
        }

        var scripts = commands.Select(command => new Script(command, Name: null)).ToList();
        foreach (string file in commands.Count + files.Count == 0 ? ["-"] : files)
            scripts.Add(new Script(await ReadAsync(context, file, cancellationToken), file == "-" ? "standard input" : file));
        // What only looks makes nothing.
        await using var lake = await context.OpenLakeAsync(scripts.All(script => ScriptRunner.OnlyReads(script.Text)) ? LakeAccess.Outside : LakeAccess.Create, cancellationToken);
        var runner = new StatementRunner(lake.Session, context.Streams, context.Format) { Talks = context.Words.Has("timing") };
        foreach (var (text, name) in scripts)
            await ScriptRunner.RunAsync(runner, text, name, cancellationToken);
        return ExitCode.Done;
    }

    private static IReadOnlyList<string> Commands(ParsedCommand words) => [.. words.Arguments, .. words.Values("command")];

    private static async Task<string> ReadAsync(CommandContext context, string file, CancellationToken cancellationToken)
    {
        if (file != "-")
            return File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken) : throw TarnException.NotFound($"There is no script '{file}'.");
        // A pipe on which nothing comes cannot be interrupted, only left waiting.
        var reader = new StreamReader(context.Streams.OpenInput(), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken).WaitAsync(cancellationToken);
    }

    private sealed record Script(string Text, string? Name);
}
