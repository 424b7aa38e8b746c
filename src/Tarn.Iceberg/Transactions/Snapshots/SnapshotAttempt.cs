using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>One attempt to make a snapshot.</summary>
/// <param name="Table">Metadata that the snapshot is added to.</param>
/// <param name="Parent">Snapshot that it follows, or null.</param>
/// <param name="SnapshotId">Its id.</param>
/// <param name="ParentManifests">Manifests of the parent.</param>
internal sealed record SnapshotAttempt(TableMetadata Table, Snapshot? Parent, long SnapshotId, IReadOnlyList<ManifestFile> ParentManifests)
{
    /// <summary>Counts of this attempt.</summary>
    public SnapshotSummary Summary { get; } = new();

    /// <summary>Manifests of earlier snapshots that were rewritten or merged.</summary>
    public int ReplacedManifests { get; set; }
}
