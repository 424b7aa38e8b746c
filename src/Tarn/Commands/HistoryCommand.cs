using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Iceberg.Spec;
using Tarn.Output;

namespace Tarn.Commands;

/// <summary><c>tarn history TABLE</c>: its snapshots as a log, newest first.</summary>
internal static class HistoryCommand
{
    public static CommandSpec Spec { get; } = new("history", "show the snapshots of a table as a log, newest first")
    {
        Arguments = [TableOptions.TableOrPath],
        Options = [TableOptions.Limit],
        Examples =
        [
            new("tarn history silver.orders", "every change"),
            new("tarn history silver.orders --limit 5 --format json", "the last five, for a program"),
        ],
        Run = RunAsync,
    };

    /// <summary>The snapshots of a table, newest first.</summary>
    public static async Task<RowsResult> ListAsync(ILake lake, TableName name, CancellationToken cancellationToken, int limit = int.MaxValue)
    {
        var metadata = (await lake.LoadTableAsync((await lake.ResolveAsync(name, cancellationToken)).Name, cancellationToken)).Metadata;
        var refs = metadata.Refs.ToLookup(reference => reference.Value.SnapshotId, reference => reference.Key);
        var rows = metadata.Snapshots
            .OrderByDescending(snapshot => snapshot.SequenceNumber).ThenByDescending(snapshot => snapshot.TimestampMs)
            .Take(limit)
            .Select(snapshot => Row(snapshot, metadata, refs[snapshot.SnapshotId]));
        return new RowsResult(
            [
                RowsResult.Number("snapshot"), RowsResult.Instant("committed_at"), RowsResult.Text("operation"),
                RowsResult.Number("rows_added"), RowsResult.Number("rows_removed"), RowsResult.Number("rows"),
                RowsResult.Number("files_added"), RowsResult.Number("files_removed"), RowsResult.Number("files"), RowsResult.Number("schema"), RowsResult.Text("refs"),
            ],
            [.. rows]);
    }

    private static object?[] Row(Snapshot snapshot, TableMetadata metadata, IEnumerable<string> refs)
    {
        // A snapshot that the snapshot log does not lead to was rolled back or belongs to a branch.
        bool current = snapshot.SnapshotId == metadata.CurrentSnapshotId;
        return
        [
            snapshot.SnapshotId, RowsResult.InstantOf(snapshot.TimestampMs), snapshot.Operation,
            TableFacts.Total(snapshot, "added-records") ?? 0, TableFacts.Total(snapshot, "deleted-records") ?? 0, TableFacts.Total(snapshot, "total-records"),
            TableFacts.Total(snapshot, "added-data-files") ?? 0, TableFacts.Total(snapshot, "deleted-data-files") ?? 0, TableFacts.Total(snapshot, "total-data-files"),
            (long?)snapshot.SchemaId, string.Join(", ", refs.Where(name => name != Snapshot.MainBranch).Prepend(current ? "current" : "").Where(name => name.Length > 0)),
        ];
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = TableName.Parse(context.Words.Arguments[0]);
        int limit = (int)Math.Min(context.Words.Number("limit", 1) ?? int.MaxValue, int.MaxValue);
        await using var lake = context.OpenLake(name);
        await using var history = await ListAsync(lake, name, cancellationToken, limit);
        await ResultWriter.WriteAllAsync(history, context.Format, context.Streams, expanded: false, cancellationToken);
        if (history.Rows.Count == 0)
            context.Say($"{name} has no snapshots yet.");
        return ExitCode.Done;
    }
}
