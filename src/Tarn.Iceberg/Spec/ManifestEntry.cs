namespace Tarn.Iceberg.Spec;

/// <summary>Status of a <see cref="ManifestEntry"/>.</summary>
public enum ManifestEntryStatus
{
    /// <summary>Carried over from an earlier snapshot.</summary>
    Existing = 0,

    /// <summary>Added by the snapshot of the entry.</summary>
    Added = 1,

    /// <summary>Removed by the snapshot of the entry; not live.</summary>
    Deleted = 2,
}

/// <summary>An entry of a manifest with inheritance already applied ("Manifest Entry Fields").</summary>
/// <param name="Status">Live unless deleted.</param>
/// <param name="SnapshotId">Snapshot that added (or, when deleted, removed) the file; null when the writer gave none.</param>
/// <param name="SequenceNumber">Data sequence number; null only for entries being written, which inherit.</param>
/// <param name="FileSequenceNumber">Sequence number of the snapshot that added the file; null when unknown.</param>
/// <param name="DataFile">The file.</param>
public sealed record ManifestEntry(ManifestEntryStatus Status, long? SnapshotId, long? SequenceNumber, long? FileSequenceNumber, DataFile DataFile)
{
    /// <summary>True unless deleted.</summary>
    public bool IsLive => Status != ManifestEntryStatus.Deleted;
}
