namespace Tarn.Storage.Transfer;

/// <summary>Carries out copies between two places, several at once.</summary>
/// <param name="moved">Told the bytes that have been moved; may be called by several threads.</param>
public sealed class TransferRun(Action<long> moved)
{
    private const int FilesAtOnce = 8;

    /// <summary>Copies every item from below one end to below the other.</summary>
    /// <param name="source">Where the items are.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="items">What to copy; an item without a name is the source itself, copied to the target itself.</param>
    /// <param name="removesSources">Whether each is removed at its source once it is at the target.</param>
    /// <param name="cancellationToken">Cancels; what is complete stays.</param>
    /// <exception cref="Core.Errors.TarnException">A copy fails; copies that are complete stay, no other begins.</exception>
    public Task CopyAsync(TransferEnd source, TransferEnd target, IEnumerable<TransferItem> items, bool removesSources, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        items,
        new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellationToken },
        async (item, token) =>
        {
            var from = item.Name.Length == 0 ? source : source.Below(item.Name);
            var to = item.Name.Length == 0 ? target : target.Below(item.Name);
            await (removesSources ? to.MoveFromAsync(from, item, moved, token) : to.CopyFromAsync(from, item, moved, token)).ConfigureAwait(false);
        });
}
