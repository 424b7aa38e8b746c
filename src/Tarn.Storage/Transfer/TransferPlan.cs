namespace Tarn.Storage.Transfer;

/// <summary>What has to be done to make one place hold what another one holds.</summary>
/// <param name="Copies">What to copy, with names below both ends.</param>
/// <param name="Deletions">Names to remove at the target.</param>
public sealed record TransferPlan(IReadOnlyList<TransferItem> Copies, IReadOnlyList<string> Deletions)
{
    // Some services and file systems keep whole seconds only.
    private static readonly TimeSpan TimeResolution = TimeSpan.FromSeconds(1);

    /// <summary>Bytes to be copied.</summary>
    public long SizeBytes => Copies.Sum(c => c.SizeBytes);

    /// <summary>
    /// The plan of a sync: files that are missing at the target, have another length there or were written later at the source are copied.
    /// </summary>
    /// <param name="source">What the source holds.</param>
    /// <param name="target">What the target holds.</param>
    /// <param name="deletes">Whether files that only the target has are removed.</param>
    public static TransferPlan Sync(IReadOnlyCollection<TransferItem> source, IReadOnlyCollection<TransferItem> target, bool deletes)
    {
        var present = target.ToDictionary(item => item.Name, StringComparer.Ordinal);
        var copies = source.Where(item => !present.TryGetValue(item.Name, out var other) || Differs(item, other)).ToArray();
        if (!deletes)
            return new TransferPlan(copies, []);
        var wanted = source.Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        return new TransferPlan(copies, [.. target.Select(item => item.Name).Where(name => !wanted.Contains(name))]);
    }

    private static bool Differs(TransferItem source, TransferItem target) =>
        source.SizeBytes != target.SizeBytes || source.LastModified > target.LastModified + TimeResolution;
}
