using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>What others committed between the snapshot that a change was computed from and the one it is applied to.</summary>
internal sealed class ConcurrentChanges(SnapshotAttempt attempt, long? startingSnapshotId, ManifestFiles files)
{
    private IReadOnlyList<Snapshot>? snapshots;

    /// <summary>Refuses data files that were added since and may hold matching rows.</summary>
    public ValueTask RefuseAddedDataAsync(Expression filter, bool caseSensitive, CancellationToken cancellationToken)
    {
        var bound = filter.Bind(attempt.Table.CurrentSchema, caseSensitive);
        return RefuseAsync(
            ManifestContent.Data, ManifestEntryStatus.Added, "append", (file, projection) => MightMatch(file, projection, bound), "was added to the data that this change is based on", cancellationToken);
    }

    /// <summary>Refuses that data files which may hold matching rows, or are named, were removed since.</summary>
    public ValueTask RefuseDeletedDataAsync(Expression filter, bool caseSensitive, IReadOnlySet<string> paths, CancellationToken cancellationToken)
    {
        var bound = filter.Bind(attempt.Table.CurrentSchema, caseSensitive);
        return RefuseAsync(
            ManifestContent.Data, ManifestEntryStatus.Deleted, "delete", (file, projection) => paths.Contains(file.FilePath) || MightMatch(file, projection, bound),
            "was removed from the data that this change is based on", cancellationToken);
    }

    /// <summary>Refuses delete files that were added since and may apply to matching rows.</summary>
    public ValueTask RefuseNewDeletesAsync(Expression filter, bool caseSensitive, CancellationToken cancellationToken)
    {
        var bound = filter.Bind(attempt.Table.CurrentSchema, caseSensitive);
        // Bounds of a delete file are of paths and keys, so only its partition tells where it applies; without partition it may be anywhere.
        return RefuseAsync(
            ManifestContent.Deletes, ManifestEntryStatus.Added, "delete",
            (file, projection) => projection.Spec.IsUnpartitioned || !DeleteFileIndex.IsBoundByPartition(file, attempt.Table) || projection.Inclusive(bound).MatchesPartition(file.Partition),
            "deletes rows of the data that this change is based on", cancellationToken);
    }

    /// <summary>Refuses anything that was added to or removed from the partitions of the criteria since.</summary>
    public async ValueTask RefuseChangesAsync(DeleteCriteria criteria, CancellationToken cancellationToken)
    {
        var bound = criteria.Bound(attempt.Table);
        bool Concerns(DataFile file, PartitionProjection projection) => criteria.MatchesDeletes(file, projection, bound);
        await RefuseAsync(ManifestContent.Data, ManifestEntryStatus.Added, "append", Concerns, "was added to a partition that this change replaces", cancellationToken);
        await RefuseAsync(ManifestContent.Data, ManifestEntryStatus.Deleted, "delete", Concerns, "was removed from a partition that this change replaces", cancellationToken);
        await RefuseAsync(ManifestContent.Deletes, ManifestEntryStatus.Added, "delete", Concerns, "deletes rows of a partition that this change replaces", cancellationToken);
    }

    private static bool MightMatch(DataFile file, PartitionProjection projection, Expression bound) => projection.Residual(bound, file.Partition).MightMatchFile(file);

    // Rewrites ("replace") change no rows, so what they add and remove concerns nobody.
    private async ValueTask RefuseAsync(
        ManifestContent content, ManifestEntryStatus status, string operation, Func<DataFile, PartitionProjection, bool> concerns, string problem, CancellationToken cancellationToken)
    {
        foreach (var snapshot in Snapshots().Where(s => s.Operation is null or "overwrite" || s.Operation == operation))
        {
            foreach (var manifest in (await files.ListAsync(snapshot, cancellationToken)).Where(m => m.Content == content && m.AddedSnapshotId == snapshot.SnapshotId))
            {
                var projection = new PartitionProjection(attempt.Table.Spec(manifest.PartitionSpecId));
                foreach (var entry in await files.EntriesAsync(attempt.Table, manifest, cancellationToken))
                {
                    if (entry.Status == status && entry.SnapshotId == snapshot.SnapshotId && concerns(entry.DataFile, projection))
                        throw new TarnException(ErrorKind.Conflict, $"File '{entry.DataFile.FilePath}' {problem}, by snapshot {snapshot.SnapshotId}. Nothing was applied; read again and repeat the change.");
                }
            }
        }
    }

    private IReadOnlyList<Snapshot> Snapshots()
    {
        if (snapshots is not null)
            return snapshots;
        if (attempt.Parent?.SnapshotId == startingSnapshotId)
            return snapshots = [];
        List<Snapshot> since = [];
        foreach (var snapshot in attempt.Table.Ancestors(attempt.Parent?.SnapshotId))
        {
            if (snapshot.SnapshotId == startingSnapshotId)
                return snapshots = since;
            since.Add(snapshot);
        }

        if (startingSnapshotId is null && (since.Count == 0 || since[^1].ParentSnapshotId is null))
            return snapshots = since;
        throw new TarnException(ErrorKind.Conflict, $"The change is based on snapshot {startingSnapshotId?.ToString() ?? "none"}, which is no longer in the history of the branch. Nothing was applied; read again and repeat the change.");
    }
}
