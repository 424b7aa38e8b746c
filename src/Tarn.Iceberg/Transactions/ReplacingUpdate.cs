using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>Removes data files and perhaps adds others, in one snapshot. The base of <see cref="OverwriteFiles"/>, <see cref="ReplacePartitions"/> and <see cref="DeleteFiles"/>.</summary>
public abstract class ReplacingUpdate : SnapshotUpdate
{
    private FilteredManifests? filtered;
    private ManifestMerge? merge;
    private long? startingSnapshotId;
    private bool started;

    private protected ReplacingUpdate()
    {
    }

    private protected AddedFiles Added { get; } = new();

    private protected DeleteCriteria Criteria { get; } = new();

    /// <summary>Whether a change that finds nothing to remove or add makes an empty snapshot all the same.</summary>
    private protected virtual bool AlwaysMakesSnapshot => true;

    /// <summary>Sets the snapshot that the change was computed from; by default the branch's head at the first attempt.</summary>
    private protected void SetStart(long? snapshotId) => (startingSnapshotId, started) = (snapshotId, true);

    /// <summary>Criteria that depend on the state of the table.</summary>
    private protected virtual void Prepare(TableMetadata table)
    {
    }

    /// <summary>Checks what others committed after the starting snapshot.</summary>
    private protected virtual ValueTask ValidateAsync(ConcurrentChanges changes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    private protected sealed override async ValueTask<IReadOnlyList<ManifestFile>?> ManifestsAsync(SnapshotAttempt attempt, CancellationToken cancellationToken)
    {
        if (!started)
            SetStart(attempt.Parent?.SnapshotId);
        filtered ??= new FilteredManifests(Criteria, Files);
        merge ??= new ManifestMerge(Files);
        Prepare(attempt.Table);
        await ValidateAsync(new ConcurrentChanges(attempt, startingSnapshotId, Files), cancellationToken);
        var kept = await filtered.DataAsync(attempt, cancellationToken);
        if (filtered.Removed.Count == 0 && Added.Count == 0 && !AlwaysMakesSnapshot)
            return null;
        var added = await Added.ManifestsAsync(attempt, Files, cancellationToken);
        var deletes = await filtered.DeletesAsync(attempt, MinSequenceNumber(attempt, kept), cancellationToken);
        var (data, replaced) = await merge.RunAsync(attempt.Table, ManifestContent.Data, attempt.SnapshotId, [.. added, .. kept], cancellationToken);
        attempt.ReplacedManifests += replaced;
        return [.. data, .. deletes];
    }

    // Of manifests that only list removed files nothing remains.
    private static long MinSequenceNumber(SnapshotAttempt attempt, List<ManifestFile> data) => data
        .Where(m => FilteredManifests.HasLiveFiles(m) && m.MinSequenceNumber >= 0)
        .Select(m => m.MinSequenceNumber)
        .Append(attempt.Table.LastSequenceNumber + 1)
        .Min();
}
