using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Spec;
using Tarn.Output;
using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary><c>tarn diff TABLE A B</c>: the rows that two states of a table do not share, counted as often as they occur.</summary>
internal static class DiffCommand
{
    public static CommandSpec Spec { get; } = new("diff", "show the rows added and removed between two states of a table")
    {
        Details = """
            Each row of the answer begins with + (only in B) or - (only in A). A changed row is one of each.
            Columns are matched by their identity, so a renamed one is the same; one that a state does not have is compared as NULL.
            """,
        Arguments =
        [
            TableOptions.TableOrPath,
            new ArgumentSpec("A", "the earlier state: a snapshot id, a time, a branch, a tag, or 'previous'"),
            new ArgumentSpec("B", "the later state (default: main)") { Optional = true },
        ],
        Options = [TableOptions.Limit, new OptionSpec("counts", null, "only the numbers of rows added and removed")],
        Examples =
        [
            new("tarn diff silver.orders year-end --counts", "how many rows were added and removed since a tag"),
            new("tarn diff silver.orders previous --counts", "what the last change did"),
            new("tarn diff silver.orders year-end main --limit 20", "some of them"),
            new("tarn diff silver.orders year-end --format csv > changes.csv", "all of them as CSV"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var named = TableName.Parse(context.Words.Arguments[0]);
        var from = PointInTime.Parse(context.Words.Arguments[1]);
        var to = PointInTime.Parse(context.Words.Argument(2) ?? "main");
        await using var lake = await context.OpenLakeAsync(named, cancellationToken);
        var (_, table) = await lake.ResolveAsync(named, cancellationToken);
        var metadata = (await lake.LoadTableAsync(table, cancellationToken)).Metadata;
        // Both states are fixed first: a commit in between must not change what is compared.
        var (earlier, later) = (from.Resolve(metadata, table.ToString()), to.Resolve(metadata, table.ToString()));
        var columns = ComparedColumns.Of(SchemaOf(metadata, earlier), SchemaOf(metadata, later));
        foreach (string note in columns.Notes)
            context.Say(note);
        string sql = Query(State(table, earlier), State(table, later), columns, context.Words.Has("counts"), context.Words.Number("limit"));
        using var progress = new ProgressDisplay(context.Streams, TimeProvider.System);
        await using var result = await lake.Session.ExecuteAsync(sql, new StatementOptions { Progress = progress }, cancellationToken);
        progress.Dispose();
        await using var counted = new CountingResult(result);
        await ResultWriter.WriteAllAsync(counted, context.Format, context.Streams, expanded: false, cancellationToken);
        if (!context.Words.Has("counts"))
            context.Say($"{Quantity.Count(counted.Added)} rows added, {Quantity.Count(counted.Removed)} removed.");
        return ExitCode.Done;
    }

    /// <summary>The query whose rows are the difference; rows that differ in little stand together.</summary>
    private static string Query(string earlier, string later, ComparedColumns columns, bool counts, long? limit)
    {
        string a = $"SELECT {columns.Earlier} FROM {earlier}";
        string b = $"SELECT {columns.Later} FROM {later}";
        return counts
            ? $"SELECT (SELECT count(*) FROM ({b} EXCEPT ALL {a})) AS added, (SELECT count(*) FROM ({a} EXCEPT ALL {b})) AS removed"
            : $"SELECT * FROM (SELECT '+' AS change, * FROM ({b} EXCEPT ALL {a}) UNION ALL SELECT '-' AS change, * FROM ({a} EXCEPT ALL {b})) ORDER BY {columns.Order}, 1 DESC"
                + (limit is null ? "" : $" LIMIT {limit}");
    }

    private static string State(TableName table, Snapshot snapshot) => $"{table.Sql} FOR VERSION AS OF {snapshot.SnapshotId}";

    private static Schema SchemaOf(TableMetadata metadata, Snapshot snapshot) => metadata.Schema(snapshot.SchemaId ?? metadata.CurrentSchemaId);
}
