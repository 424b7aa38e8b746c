using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>Adds data files and merges manifests once they are many, by the table properties <c>commit.manifest.*</c>.</summary>
public sealed class MergeAppend : AppendFiles
{
    private ManifestMerge? merge;

    /// <inheritdoc/>
    private protected override async ValueTask<IReadOnlyList<ManifestFile>?> ManifestsAsync(SnapshotAttempt attempt, CancellationToken cancellationToken)
    {
        merge ??= new ManifestMerge(Files);
        var added = await Added.ManifestsAsync(attempt, Files, cancellationToken);
        var live = attempt.ParentManifests.Where(FilteredManifests.HasLiveFiles).ToArray();
        var (data, replaced) = await merge.RunAsync(attempt.Table, ManifestContent.Data, attempt.SnapshotId, [.. added, .. live.Where(m => m.Content == ManifestContent.Data)], cancellationToken);
        attempt.ReplacedManifests = replaced;
        return [.. data, .. live.Where(m => m.Content == ManifestContent.Deletes)];
    }
}
