using Tarn.CommandLine;
using Tarn.Shell;

namespace Tarn.Commands;

/// <summary><c>tarn read TABLE|PATH</c>: rows of a table without writing SQL.</summary>
internal static class ReadCommand
{
    public static CommandSpec Spec { get; } = new("read", "print rows of a table, also as it was earlier")
    {
        Arguments = [TableOptions.TableOrPath],
        Options = TableQuery.Options,
        Examples =
        [
            new("tarn read silver.orders --limit 10", "a first look"),
            new("tarn read silver.orders --columns order_id,amount --where \"amount > 1000\" --format csv", "some columns of some rows, as CSV"),
            new("tarn read silver.orders --at year-end --limit 10", "as it was at a tag (also a snapshot id or a time: --at 2026-01-31T12:00:00)"),
            new("tarn read ./tarn-data/lake/gold/returns-* --format ndjson", "a table folder, also one outside of the lake"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var table = TableName.Parse(context.Words.Arguments[0]);
        await using var lake = await context.OpenLakeAsync(table, cancellationToken);
        string sql = TableQuery.Of(context.Words, (await lake.ResolveAsync(table, cancellationToken)).Name);
        await new StatementRunner(lake.Session, context.Streams, context.Format).RunAsync(sql, cancellationToken);
        return ExitCode.Done;
    }
}
