using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>The line of parents of a snapshot.</summary>
public static class SnapshotHistory
{
    /// <summary>The snapshot and its ancestors, newest first, as far as the table still knows them.</summary>
    public static IEnumerable<Snapshot> Ancestors(this TableMetadata metadata, long? snapshotId)
    {
        var byId = metadata.Snapshots.ToDictionary(s => s.SnapshotId);
        // A damaged table may have a ring of parents.
        var seen = new HashSet<long>();
        while (snapshotId is { } id && seen.Add(id) && byId.TryGetValue(id, out var snapshot))
        {
            yield return snapshot;
            snapshotId = snapshot.ParentSnapshotId;
        }
    }

    /// <summary>True when <paramref name="ancestorId"/> is <paramref name="snapshotId"/> or one of its ancestors.</summary>
    public static bool IsAncestor(this TableMetadata metadata, long ancestorId, long? snapshotId) => metadata.Ancestors(snapshotId).Any(s => s.SnapshotId == ancestorId);

    /// <summary>The head of a branch, or null when there is no such branch or it has no snapshot.</summary>
    public static Snapshot? Head(this TableMetadata metadata, string branch) => metadata.Refs.TryGetValue(branch, out var reference) ? metadata.FindSnapshot(reference.SnapshotId) : null;
}
