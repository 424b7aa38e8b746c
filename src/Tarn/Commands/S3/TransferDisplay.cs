using Tarn.CommandLine;
using Tarn.Engine.Sessions;
using Tarn.Storage.Transfer;
using Tarn.Terminal;

namespace Tarn.Commands.S3;

/// <summary>Copies with a progress bar and says at the end what was done.</summary>
internal sealed class TransferDisplay(CommandContext context)
{
    /// <summary>Copies items between two ends.</summary>
    public async Task CopyAsync(TransferEnd source, TransferEnd target, IReadOnlyList<TransferItem> items, bool removesSources, CancellationToken cancellationToken)
    {
        long total = items.Sum(item => item.SizeBytes), moved = 0;
        using (var progress = new ProgressDisplay(context.Streams, TimeProvider.System))
        {
            var run = new TransferRun(bytes => progress.Report(new StatementProgress(removesSources ? "moving" : "copying", Interlocked.Add(ref moved, bytes), total, "bytes")));
            await run.CopyAsync(source, target, items, removesSources, cancellationToken);
        }

        context.Say($"{Quantity.Count(items.Count)} {(items.Count == 1 ? "file" : "files")}, {Quantity.Bytes(total)} {(removesSources ? "moved" : "copied")} to {target.Text}");
    }

    /// <summary>What is below an end.</summary>
    public static async Task<List<TransferItem>> ListAsync(TransferEnd end, CancellationToken cancellationToken)
    {
        var items = new List<TransferItem>();
        await foreach (var item in end.ListAsync(cancellationToken))
            items.Add(item);
        return items;
    }
}
