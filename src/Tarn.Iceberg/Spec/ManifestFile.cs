namespace Tarn.Iceberg.Spec;

/// <summary>What a manifest lists.</summary>
public enum ManifestContent
{
    /// <summary>Data files.</summary>
    Data = 0,

    /// <summary>Delete files.</summary>
    Deletes = 1,
}

/// <summary>A manifest as a manifest list names it ("Manifest Lists"). Counts are null when the writer (version 1) gave none.</summary>
public sealed record ManifestFile
{
    /// <summary>Location of the manifest, as written.</summary>
    public required string ManifestPath { get; init; }

    /// <summary>Length in bytes as recorded (some writers record it wrongly: never trust it for reading).</summary>
    public required long ManifestLength { get; init; }

    /// <summary>Spec of all its entries.</summary>
    public required int PartitionSpecId { get; init; }

    /// <summary>Data or deletes.</summary>
    public ManifestContent Content { get; init; } = ManifestContent.Data;

    /// <summary>Sequence number when it was added; 0 in version 1.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Lowest data sequence number of live entries; 0 in version 1.</summary>
    public long MinSequenceNumber { get; init; }

    /// <summary>Snapshot that added the manifest.</summary>
    public long? AddedSnapshotId { get; init; }

    /// <summary>Entries of status added.</summary>
    public int? AddedFilesCount { get; init; }

    /// <summary>Entries of status existing.</summary>
    public int? ExistingFilesCount { get; init; }

    /// <summary>Entries of status deleted.</summary>
    public int? DeletedFilesCount { get; init; }

    /// <summary>Rows of added entries.</summary>
    public long? AddedRowsCount { get; init; }

    /// <summary>Rows of existing entries.</summary>
    public long? ExistingRowsCount { get; init; }

    /// <summary>Rows of deleted entries.</summary>
    public long? DeletedRowsCount { get; init; }

    /// <summary>Summaries in the order of the spec's fields, or null.</summary>
    public IReadOnlyList<FieldSummary>? Partitions { get; init; }

    /// <summary>Encryption key metadata, or null.</summary>
    public byte[]? KeyMetadata { get; init; }

    /// <summary>First row id of its added entries. Version 3.</summary>
    public long? FirstRowId { get; init; }
}

/// <summary>Summary of a partition field over a manifest.</summary>
/// <param name="ContainsNull">Whether some value is null.</param>
/// <param name="ContainsNaN">Whether some value is NaN; null is unknown.</param>
/// <param name="LowerBound">Lower bound of non-null, non-NaN values in single-value binary form, or null.</param>
/// <param name="UpperBound">Upper bound likewise, or null.</param>
public sealed record FieldSummary(bool ContainsNull, bool? ContainsNaN, byte[]? LowerBound, byte[]? UpperBound);
