using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// A commit that only appends to one branch: one snapshot or a line of them, and perhaps properties. As the reference implementation does when
/// it tries such a commit again, nothing that somebody else committed forbids it.
/// </summary>
/// <param name="Branch">The branch.</param>
/// <param name="Base">The snapshot that the first one was made for; null for none.</param>
/// <param name="Head">The snapshot that the branch is at now; null for none.</param>
/// <param name="Snapshots">The snapshots in the order of their line.</param>
internal sealed record AppendCommit(string Branch, Snapshot? Base, Snapshot? Head, IReadOnlyList<Snapshot> Snapshots)
{
    // Kafka Connect and Flink look for the positions that others of their kind have committed, again before each try
    // (SnapshotProducer's validateWith): the server cannot know what they would find.
    private static readonly string[] PositionPrefixes = ["kafka.connect.", "flink."];

    /// <summary>Whether the commit was made for another state of its branch or of the table's sequence numbers and row ids.</summary>
    public bool IsStale(TableMetadata table) =>
        Head?.SnapshotId != Base?.SnapshotId
        || (table.FormatVersion >= 2 && Snapshots[0].SequenceNumber <= table.LastSequenceNumber)
        || (table.FormatVersion >= 3 && Snapshots[0].FirstRowId < table.NextRowId);

    /// <summary>Reads a commit as an append.</summary>
    /// <param name="table">The table as it is now.</param>
    /// <param name="commit">The commit.</param>
    /// <returns>Null when it does anything else, expects anything else that does not hold, or belongs to a table that is not the same any more.</returns>
    public static AppendCommit? Read(TableMetadata table, TableCommit commit)
    {
        Snapshot[] snapshots = [.. commit.Updates.OfType<TableUpdate.AddSnapshot>().Select(u => u.Snapshot)];
        TableUpdate.SetSnapshotRef[] refs = [.. commit.Updates.OfType<TableUpdate.SetSnapshotRef>()];
        if (snapshots.Length == 0 || refs.Length == 0 || !commit.Updates.All(IsHarmless))
            return null;
        string branch = refs[0].RefName;
        bool isOneLine = refs[^1].Ref.SnapshotId == snapshots[^1].SnapshotId
            && Array.TrueForAll(refs, r => r.RefName == branch && r.Ref.Type == SnapshotRefType.Branch && Array.Exists(snapshots, s => s.SnapshotId == r.Ref.SnapshotId))
            && Enumerable.Range(1, snapshots.Length - 1).All(i => snapshots[i].ParentSnapshotId == snapshots[i - 1].SnapshotId);
        if (!isOneLine || !Array.TrueForAll(snapshots, s => IsAppend(table, s)) || !MeetsRequirements(table, commit, branch, snapshots[0].ParentSnapshotId))
            return null;
        return Find(table, branch, snapshots);
    }

    private static AppendCommit? Find(TableMetadata table, string branch, Snapshot[] snapshots)
    {
        var origin = snapshots[0].ParentSnapshotId is { } parent ? table.FindSnapshot(parent) : null;
        if (snapshots[0].ParentSnapshotId is not null && origin?.ManifestList is null)
            return null;
        if (!table.Refs.TryGetValue(branch, out var reference))
            return new AppendCommit(branch, origin, origin, snapshots);
        return reference.Type == SnapshotRefType.Branch && table.FindSnapshot(reference.SnapshotId) is { ManifestList: not null } head
            ? new AppendCommit(branch, origin, head, snapshots)
            : null;
    }

    private static bool IsHarmless(TableUpdate update) => update
        is TableUpdate.AddSnapshot or TableUpdate.SetSnapshotRef or TableUpdate.SetProperties or TableUpdate.RemoveProperties or TableUpdate.SetStatistics;

    private static bool IsAppend(TableMetadata table, Snapshot snapshot) =>
        snapshot is { Operation: "append", ManifestList: not null, KeyId: null }
        && table.FindSnapshot(snapshot.SnapshotId) is null
        && (snapshot.SchemaId is not { } schema || table.Schemas.Exists(s => s.SchemaId == schema))
        // What was written for an older version of the format leaves to its client how it goes on.
        && (table.FormatVersion < 3 || snapshot is { FirstRowId: not null, AddedRows: not null })
        && (table.FormatVersion < 2 || snapshot.SequenceNumber > 0)
        && !snapshot.Summary.Keys.Any(k => Array.Exists(PositionPrefixes, p => k.StartsWith(p, StringComparison.Ordinal)));

    // The branch may have moved, if the client said where it expected it; a branch that it expected and that is gone was removed on purpose.
    private static bool MeetsRequirements(TableMetadata table, TableCommit commit, string branch, long? parent)
    {
        bool isExpected = false;
        foreach (var requirement in commit.Requirements)
        {
            if (requirement is TableRequirement.AssertRefSnapshotId of && of.Ref == branch)
            {
                isExpected = of.SnapshotId is null || (of.SnapshotId == parent && table.Refs.ContainsKey(branch));
                if (!isExpected)
                    return false;
            }
            else if (!requirement.IsMet(table))
            {
                return false;
            }
        }

        return isExpected;
    }
}
