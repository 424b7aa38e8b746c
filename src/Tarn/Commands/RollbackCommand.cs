using System.Globalization;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Iceberg.Transactions;
using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary><c>tarn rollback TABLE --to WHEN</c>: makes an earlier state the current one.</summary>
internal static class RollbackCommand
{
    public static CommandSpec Spec { get; } = new("rollback", "make an earlier state of a table the current one")
    {
        Details = "Nothing is lost: the later snapshots stay in the history, and a rollback can be rolled back: --to previous is what was current before it.",
        Arguments = [new ArgumentSpec("TABLE", "schema.table")],
        Options = [new OptionSpec("to", "WHEN", "a snapshot id, a time, a branch, a tag, or 'previous'")],
        Examples =
        [
            new("tarn rollback sales.orders --to previous", "undo the last change"),
            new("tarn rollback silver.orders --to year-end", "back to a tag"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var named = TableName.Parse(context.Words.Arguments[0]);
        string to = context.Words.Value("to") ?? throw new UsageException("--to is missing: --to WHEN, e.g. --to previous");
        if (named.Identifier is null)
            throw new UsageException($"'{named}' is outside of the lake, and only tables of the lake are changed");
        await using var lake = await context.OpenLakeAsync(LakeAccess.Existing, cancellationToken);
        var (_, name) = await lake.ResolveAsync(named, cancellationToken);
        var metadata = (await lake.LoadTableAsync(name, cancellationToken)).Metadata;
        var target = PointInTime.Parse(to).Resolve(metadata, name.ToString());
        string id = target.SnapshotId.ToString(CultureInfo.InvariantCulture);
        string setCurrent = $"ALTER TABLE {name.Sql} EXECUTE set_current_snapshot({id})";
        if (!metadata.IsAncestor(target.SnapshotId, metadata.CurrentSnapshotId) && !metadata.SnapshotLog.Exists(entry => entry.SnapshotId == target.SnapshotId))
            throw TarnException.Invalid($"Snapshot {id} was never the current state of table {name}. To make it so: {setCurrent}");
        await using var result = await lake.Session.ExecuteAsync(setCurrent, cancellationToken: cancellationToken);
        context.Say($"{name} is as it was at {Quantity.Instant(DateTimeOffset.FromUnixTimeMilliseconds(target.TimestampMs))} UTC (snapshot {id}).");
        return ExitCode.Done;
    }
}
