using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>A field of a manifest list or manifest: its id and its name, which stands in where a writer gave no ids.</summary>
internal readonly record struct ManifestField(int Id, string Name)
{
    /// <summary>Whether a field of a file is this one.</summary>
    internal bool Is(AvroField field) => field.FieldId is { } id ? id == Id : field.Name == Name;
}

/// <summary>Fields of manifest lists ("Manifest Lists").</summary>
internal static class ManifestListFields
{
    internal static readonly ManifestField ManifestPath = new(500, "manifest_path");
    internal static readonly ManifestField ManifestLength = new(501, "manifest_length");
    internal static readonly ManifestField PartitionSpecId = new(502, "partition_spec_id");
    internal static readonly ManifestField Content = new(517, "content");
    internal static readonly ManifestField SequenceNumber = new(515, "sequence_number");
    internal static readonly ManifestField MinSequenceNumber = new(516, "min_sequence_number");
    internal static readonly ManifestField AddedSnapshotId = new(503, "added_snapshot_id");
    internal static readonly ManifestField AddedFilesCount = new(504, "added_files_count");
    internal static readonly ManifestField ExistingFilesCount = new(505, "existing_files_count");
    internal static readonly ManifestField DeletedFilesCount = new(506, "deleted_files_count");
    internal static readonly ManifestField AddedRowsCount = new(512, "added_rows_count");
    internal static readonly ManifestField ExistingRowsCount = new(513, "existing_rows_count");
    internal static readonly ManifestField DeletedRowsCount = new(514, "deleted_rows_count");
    internal static readonly ManifestField Partitions = new(507, "partitions");
    internal static readonly ManifestField ContainsNull = new(509, "contains_null");
    internal static readonly ManifestField ContainsNaN = new(518, "contains_nan");
    internal static readonly ManifestField LowerBound = new(510, "lower_bound");
    internal static readonly ManifestField UpperBound = new(511, "upper_bound");
    internal static readonly ManifestField KeyMetadata = new(519, "key_metadata");
    internal static readonly ManifestField FirstRowId = new(520, "first_row_id");

    /// <summary>Id of the summaries' list element.</summary>
    internal const int PartitionsElementId = 508;
}

/// <summary>Fields of manifest entries and their data files ("Manifest Entry Fields", "Data File Fields").</summary>
internal static class ManifestEntryFields
{
    internal static readonly ManifestField Status = new(0, "status");
    internal static readonly ManifestField SnapshotId = new(1, "snapshot_id");
    internal static readonly ManifestField DataFile = new(2, "data_file");
    internal static readonly ManifestField SequenceNumber = new(3, "sequence_number");
    internal static readonly ManifestField FileSequenceNumber = new(4, "file_sequence_number");
    internal static readonly ManifestField Content = new(134, "content");
    internal static readonly ManifestField FilePath = new(100, "file_path");
    internal static readonly ManifestField FileFormat = new(101, "file_format");
    internal static readonly ManifestField Partition = new(102, "partition");
    internal static readonly ManifestField RecordCount = new(103, "record_count");
    internal static readonly ManifestField FileSizeInBytes = new(104, "file_size_in_bytes");
    internal static readonly ManifestField BlockSizeInBytes = new(105, "block_size_in_bytes");
    internal static readonly ManifestField ColumnSizes = new(108, "column_sizes");
    internal static readonly ManifestField ValueCounts = new(109, "value_counts");
    internal static readonly ManifestField NullValueCounts = new(110, "null_value_counts");
    internal static readonly ManifestField NanValueCounts = new(137, "nan_value_counts");
    internal static readonly ManifestField LowerBounds = new(125, "lower_bounds");
    internal static readonly ManifestField UpperBounds = new(128, "upper_bounds");
    internal static readonly ManifestField KeyMetadata = new(131, "key_metadata");
    internal static readonly ManifestField SplitOffsets = new(132, "split_offsets");
    internal static readonly ManifestField EqualityIds = new(135, "equality_ids");
    internal static readonly ManifestField SortOrderId = new(140, "sort_order_id");
    internal static readonly ManifestField FirstRowId = new(142, "first_row_id");
    internal static readonly ManifestField ReferencedDataFile = new(143, "referenced_data_file");
    internal static readonly ManifestField ContentOffset = new(144, "content_offset");
    internal static readonly ManifestField ContentSizeInBytes = new(145, "content_size_in_bytes");

    /// <summary>Ids of key and value of a map by the id of its field.</summary>
    internal static (int Key, int Value) MapIds(int fieldId) => fieldId switch
    {
        108 => (117, 118),
        109 => (119, 120),
        110 => (121, 122),
        137 => (138, 139),
        125 => (126, 127),
        128 => (129, 130),
        _ => throw new ArgumentOutOfRangeException(nameof(fieldId), fieldId, "Not a map of a data file."),
    };
}
