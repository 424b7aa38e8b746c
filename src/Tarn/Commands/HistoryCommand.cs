using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
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
    /// <param name="lake">The lake.</param>
    /// <param name="name">The table.</param>
    /// <param name="unreadable">Told of each snapshot whose rows cannot be counted; it is listed without them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="limit">At most so many.</param>
    public static async Task<RowsResult> ListAsync(ILake lake, TableName name, Action<TarnException> unreadable, CancellationToken cancellationToken, int limit = int.MaxValue)
    {
        var table = await lake.LoadTableAsync((await lake.ResolveAsync(name, cancellationToken)).Name, cancellationToken);
        var metadata = table.Metadata;
        var refs = metadata.Refs.ToLookup(reference => reference.Value.SnapshotId, reference => reference.Key);
        var counts = new SnapshotRows(lake, table, unreadable);
        var rows = new List<object?[]>();
        foreach (var snapshot in metadata.Snapshots.OrderByDescending(snapshot => snapshot.SequenceNumber).ThenByDescending(snapshot => snapshot.TimestampMs).Take(limit))
            rows.Add(Row(snapshot, metadata, await counts.CountAsync(snapshot, cancellationToken), await counts.RemovedAsync(snapshot, cancellationToken), refs[snapshot.SnapshotId]));
        return new RowsResult(
            [
                RowsResult.Number("snapshot"), RowsResult.Instant("committed_at"), RowsResult.Text("operation"),
                RowsResult.Number("rows_added"), RowsResult.Number("rows_removed"), RowsResult.Number("rows"),
                RowsResult.Number("files_added"), RowsResult.Number("files_removed"), RowsResult.Number("files"), RowsResult.Number("schema"), RowsResult.Text("refs"),
            ],
            rows);
    }

    private static object?[] Row(Snapshot snapshot, TableMetadata metadata, long? rows, long? removed, IEnumerable<string> refs)
    {
        // A snapshot that the snapshot log does not lead to was rolled back or belongs to a branch.
        bool current = snapshot.SnapshotId == metadata.CurrentSnapshotId;
        return
        [
            snapshot.SnapshotId, RowsResult.InstantOf(snapshot.TimestampMs), snapshot.Operation,
            snapshot.Count("added-records") ?? 0, removed, rows,
            snapshot.Count("added-data-files") ?? 0, snapshot.Count("deleted-data-files") ?? 0, snapshot.Count("total-data-files"),
            (long?)snapshot.SchemaId, string.Join(", ", refs.Where(name => name != Snapshot.MainBranch).Prepend(current ? "current" : "").Where(name => name.Length > 0)),
        ];
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = TableName.Parse(context.Words.Arguments[0]);
        int limit = (int)Math.Min(context.Words.Number("limit", 1) ?? int.MaxValue, int.MaxValue);
        await using var lake = await context.OpenLakeAsync(name, cancellationToken);
        var unreadable = new List<TarnException>();
        await using var history = await ListAsync(lake, name, unreadable.Add, cancellationToken, limit);
        await ResultWriter.WriteAllAsync(history, context.Format, context.Streams, expanded: false, cancellationToken);
        if (history.Rows.Count == 0)
            context.Say($"{name} has no snapshots yet.");
        await context.Streams.Out.FlushAsync(cancellationToken);
        foreach (var error in unreadable)
            TarnProgram.PrintError(error, context.Streams);
        return unreadable.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
