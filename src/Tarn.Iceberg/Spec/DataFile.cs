namespace Tarn.Iceberg.Spec;

/// <summary>What a <see cref="DataFile"/> holds.</summary>
public enum FileContent
{
    /// <summary>Rows.</summary>
    Data = 0,

    /// <summary>Position deletes (a deletion vector when the format is puffin).</summary>
    PositionDeletes = 1,

    /// <summary>Equality deletes.</summary>
    EqualityDeletes = 2,
}

/// <summary>File format of a <see cref="DataFile"/>.</summary>
public enum FileFormat
{
    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>Apache Avro.</summary>
    Avro,

    /// <summary>Apache ORC.</summary>
    Orc,

    /// <summary>Puffin: deletion vectors only.</summary>
    Puffin,
}

/// <summary>
/// A data or delete file as a manifest lists it ("Data File Fields"). Maps by field id are null when the writer gave none.
/// </summary>
public sealed record DataFile
{
    /// <summary>What the file holds.</summary>
    public FileContent Content { get; init; } = FileContent.Data;

    /// <summary>Full location, as written.</summary>
    public required string FilePath { get; init; }

    /// <summary>File format.</summary>
    public required FileFormat Format { get; init; }

    /// <summary>Id of the partition spec of the manifest that lists it.</summary>
    public int SpecId { get; init; }

    /// <summary>Partition values in the order of the spec's fields.</summary>
    public object?[] Partition { get; init; } = [];

    /// <summary>Whether its manifest had the fields of the spec in each partition, and no others; else the values were those of another spec, or of several.</summary>
    public bool HasPartitionOfSpec { get; init; } = true;

    /// <summary>Rows in the file; for deletes, deleted rows listed.</summary>
    public required long RecordCount { get; init; }

    /// <summary>Length in bytes as recorded (some writers record it wrongly: never trust it for reading).</summary>
    public required long FileSizeInBytes { get; init; }

    /// <summary>Bytes on disk by field id.</summary>
    public IReadOnlyDictionary<int, long>? ColumnSizes { get; init; }

    /// <summary>Values including null and NaN by field id.</summary>
    public IReadOnlyDictionary<int, long>? ValueCounts { get; init; }

    /// <summary>Nulls by field id.</summary>
    public IReadOnlyDictionary<int, long>? NullValueCounts { get; init; }

    /// <summary>NaNs by field id.</summary>
    public IReadOnlyDictionary<int, long>? NanValueCounts { get; init; }

    /// <summary>Lower bounds by field id in single-value binary form; values may be truncated.</summary>
    public IReadOnlyDictionary<int, byte[]>? LowerBounds { get; init; }

    /// <summary>Upper bounds by field id in single-value binary form; values may be truncated upwards.</summary>
    public IReadOnlyDictionary<int, byte[]>? UpperBounds { get; init; }

    /// <summary>Encryption key metadata, or null.</summary>
    public byte[]? KeyMetadata { get; init; }

    /// <summary>Offsets at which the file may be split, ascending; or null.</summary>
    public IReadOnlyList<long>? SplitOffsets { get; init; }

    /// <summary>Field ids that equality deletes compare; null otherwise.</summary>
    public IReadOnlyList<int>? EqualityIds { get; init; }

    /// <summary>Sort order of the rows, or null.</summary>
    public int? SortOrderId { get; init; }

    /// <summary>First row id. Version 3.</summary>
    public long? FirstRowId { get; init; }

    /// <summary>The one data file that a delete file refers to, or null.</summary>
    public string? ReferencedDataFile { get; init; }

    /// <summary>Offset of the deletion vector in the Puffin file, or null.</summary>
    public long? ContentOffset { get; init; }

    /// <summary>Length of the deletion vector, or null.</summary>
    public long? ContentSizeInBytes { get; init; }

    /// <summary>True for a deletion vector.</summary>
    public bool IsDeletionVector => Content == FileContent.PositionDeletes && Format == FileFormat.Puffin;
}
