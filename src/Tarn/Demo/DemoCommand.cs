using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;

namespace Tarn.Demo;

/// <summary><c>tarn demo</c>: a whole lake in seconds.</summary>
internal static class DemoCommand
{
    private const long DefaultRows = 500_000;

    public static CommandSpec Spec { get; } = new("demo", "build a whole lake in seconds: raw files, bronze, silver, gold, and a report")
    {
        Details = """
            Generates a year of sales with 2 % dirty lines, ingests the files as bronze, builds silver (typed, cleaned, each line once, rejects
            counted) and gold (sales by month, region and category; top customers; returns) with SQL, appends a late day that has a new column,
            and audits the change by time travel. Run it again to build everything anew.
            """,
        Options =
        [
            new OptionSpec("rows", "N", "order lines of the year, e.g. 50M (default: 500k)"),
            new OptionSpec("seed", "S", "another number gives other data (default: 1)"),
        ],
        Examples =
        [
            new("tarn demo", "half a million order lines into ./tarn-data"),
            new("tarn demo --rows 5M --data /tmp/big", "more of them, elsewhere"),
            new("tarn demo --rows 100k --format markdown > report.md", "the report as Markdown"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        long rows = context.Words.Number("rows", 1) ?? DefaultRows;
        ulong seed = (ulong)(context.Words.Number("seed") ?? 1);
        try
        {
            await using var lake = await context.OpenLakeAsync(LakeAccess.Create, cancellationToken);
            await new DemoRun(lake, context, rows, seed).RunAsync(cancellationToken);
            return ExitCode.Done;
        }
        catch (TarnException error) when (error.Kind is ErrorKind.ResourceExhausted or ErrorKind.PermissionDenied)
        {
            throw new TarnException(error.Kind, $"{error.Message} {WayOut(error.Kind)}", error);
        }
    }

    // Whoever tries the demo has no data here yet: another place is as good.
    private static string WayOut(ErrorKind kind) => kind == ErrorKind.PermissionDenied
        ? "The demo can build its lake anywhere: tarn demo --data DIR"
        : "The demo can build its lake on another disk, or a smaller one: tarn demo --data DIR --rows 50k";
}
