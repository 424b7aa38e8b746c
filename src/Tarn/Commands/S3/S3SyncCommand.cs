using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Storage.Transfer;
using Tarn.Terminal;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 sync</c>: makes one place hold what another one holds.</summary>
internal static class S3SyncCommand
{
    public static CommandSpec Spec { get; } = new("s3 sync", "copy what is missing, has another size or is newer; begin again where it was interrupted")
    {
        Arguments =
        [
            new ArgumentSpec("FROM", "a local folder, s3://bucket/prefix or ALIAS:bucket/prefix"),
            new ArgumentSpec("TO", "the same"),
        ],
        Options =
        [
            new OptionSpec("delete", null, "also remove what FROM does not have"),
            new OptionSpec("dry-run", null, "only say what would be done"),
            .. S3Places.Options,
        ],
        Examples =
        [
            new("tarn s3 sync ./raw s3://raw", "a folder into a bucket"),
            new("tarn s3 sync s3://lake/sales prod:lake/sales", "the files of tables to another service"),
            new("tarn s3 sync prod:raw ./raw --delete --dry-run", "what an exact copy would change"),
        ],
        Run = S3Commands.With(RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var source = places.Find(context.Words.Arguments[0]);
        var target = places.Find(context.Words.Arguments[1]);
        bool deletes = context.Words.Has("delete");
        if (source.Contains(target) || (deletes && target.Contains(source)))
            throw new UsageException($"of '{source.Text}' and '{target.Text}' one lies inside the other");
        var items = await TransferDisplay.ListAsync(source, cancellationToken);
        RequireSource(source, items.Count, deletes);
        var plan = TransferPlan.Sync(items, await TransferDisplay.ListAsync(target, cancellationToken), deletes);
        if (context.Words.Has("dry-run"))
        {
            foreach (var item in plan.Copies)
                context.Streams.Out.WriteLine($"copy {item.Name} ({Quantity.Bytes(item.SizeBytes)})");
            foreach (string name in plan.Deletions)
                context.Streams.Out.WriteLine($"delete {name}");
            return ExitCode.Done;
        }

        await new TransferDisplay(context).CopyAsync(source, target, plan.Copies, removesSources: false, cancellationToken);
        foreach (string name in plan.Deletions)
            await target.Below(name).DeleteAsync(cancellationToken);
        if (plan.Deletions.Count > 0)
            context.Say($"{Quantity.Count(plan.Deletions.Count)} removed at {target.Text}");
        return ExitCode.Done;
    }

    // A mistyped source would otherwise look like one whose files were all removed. In a bucket an empty folder is no different from none.
    private static void RequireSource(TransferEnd source, int count, bool deletes)
    {
        if (source is LocalEnd folder && !Directory.Exists(folder.FullPath))
            throw TarnException.NotFound($"There is no folder '{source.Text}'.");
        if (deletes && count == 0 && source is S3End { Key.Length: > 0 })
            throw TarnException.NotFound($"There is nothing below '{source.Text}', and --delete would remove all that the target holds. Correct the name, or leave --delete out.");
    }
}
