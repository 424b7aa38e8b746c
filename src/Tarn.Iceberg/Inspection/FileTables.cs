using System.Runtime.CompilerServices;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Inspection;

/// <summary>Metadata tables that need manifests: <c>$manifests</c>, <c>$files</c>, <c>$entries</c>.</summary>
internal sealed class FileTables
{
    private readonly TableMetadata metadata;
    private readonly TableScan scan;
    private readonly ManifestSource source;
    private readonly UnifiedPartition partition;
    private readonly IReadOnlyList<(string Name, NestedField Field)> primitives;

    public FileTables(TableMetadata metadata, TableScan scan, ManifestSource source)
    {
        (this.metadata, this.scan, this.source) = (metadata, scan, source);
        partition = new UnifiedPartition(metadata);
        primitives = [.. scan.Schema.FieldsById.Values.Where(f => f.Type.IsPrimitive).Select(f => (scan.Schema.FindName(f.Id)!, f)).OrderBy(p => p.Item1, StringComparer.Ordinal)];
        var files = new ColumnList();
        FilesSchema = files.AddAll(DataFileColumns(files)).Add("readable_metrics", SimpleType.String).AddAll(Version3Columns).ToSchema();
        var entries = new ColumnList();
        EntriesSchema = entries
            .Add("status", SimpleType.Int)
            .Add("snapshot_id", SimpleType.Long)
            .Add("sequence_number", SimpleType.Long)
            .Add("file_sequence_number", SimpleType.Long)
            .Add("data_file", entries.Struct([.. DataFileColumns(entries), .. Version3Columns]))
            .Add("readable_metrics", SimpleType.String).ToSchema();
    }

    // Trino has no columns for these yet: they stand last.
    private static readonly (string Name, IcebergType Type)[] Version3Columns =
    [
        ("first_row_id", SimpleType.Long), ("referenced_data_file", SimpleType.String), ("content_offset", SimpleType.Long), ("content_size_in_bytes", SimpleType.Long),
    ];

    public static Schema ManifestsSchema { get; } = BuildManifests(new ColumnList());

    public Schema FilesSchema { get; }

    public Schema EntriesSchema { get; }

    public UnifiedPartition Partition => partition;

    public async IAsyncEnumerable<object?[]> ManifestsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var m in await ManifestListAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return
            [
                m.ManifestPath, m.ManifestLength, m.PartitionSpecId, m.AddedSnapshotId,
                m.AddedFilesCount, m.AddedRowsCount, m.ExistingFilesCount, m.ExistingRowsCount, m.DeletedFilesCount, m.DeletedRowsCount,
                Summaries(m),
            ];
        }
    }

    public async IAsyncEnumerable<object?[]> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.IsLive)
                yield return [.. DataFileRow(entry.DataFile), ReadableMetrics.ToJson(entry.DataFile, primitives), .. Version3Row(entry.DataFile)];
        }
    }

    public async IAsyncEnumerable<object?[]> EntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var e in ReadAsync(cancellationToken).ConfigureAwait(false))
            yield return [(int)e.Status, e.SnapshotId, e.SequenceNumber, e.FileSequenceNumber, DataFileRow(e.DataFile).Concat(Version3Row(e.DataFile)).ToArray(), ReadableMetrics.ToJson(e.DataFile, primitives)];
    }

    /// <summary>All entries of the snapshot's manifests in order, deleted ones included.</summary>
    public async IAsyncEnumerable<ManifestEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var manifest in await ManifestListAsync(cancellationToken).ConfigureAwait(false))
        {
            var partitionType = metadata.PartitionType(metadata.Spec(manifest.PartitionSpecId));
            foreach (var entry in await source.EntriesAsync(manifest, partitionType, cancellationToken).ConfigureAwait(false))
                yield return entry;
        }
    }

    private async ValueTask<IReadOnlyList<ManifestFile>> ManifestListAsync(CancellationToken cancellationToken) =>
        scan.Snapshot is { } snapshot ? await source.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false) : [];

    private static Schema BuildManifests(ColumnList c) => c
        .Add("path", SimpleType.String)
        .Add("length", SimpleType.Long)
        .Add("partition_spec_id", SimpleType.Int)
        .Add("added_snapshot_id", SimpleType.Long)
        .Add("added_data_files_count", SimpleType.Int)
        .Add("added_rows_count", SimpleType.Long)
        .Add("existing_data_files_count", SimpleType.Int)
        .Add("existing_rows_count", SimpleType.Long)
        .Add("deleted_data_files_count", SimpleType.Int)
        .Add("deleted_rows_count", SimpleType.Long)
        .Add("partition_summaries", c.List(c.Struct(
        [
            ("contains_null", SimpleType.Boolean), ("contains_nan", SimpleType.Boolean), ("lower_bound", SimpleType.String), ("upper_bound", SimpleType.String),
        ]))).ToSchema();

    private List<(string Name, IcebergType Type)> DataFileColumns(ColumnList ids)
    {
        IcebergType Counts() => ids.Map(SimpleType.Int, SimpleType.Long);
        IcebergType Bounds() => ids.Map(SimpleType.Int, SimpleType.String);
        List<(string, IcebergType)> columns = [("content", SimpleType.Int), ("file_path", SimpleType.String), ("file_format", SimpleType.String), ("spec_id", SimpleType.Int)];
        if (partition.Fields.Count > 0)
            columns.Add(("partition", ids.Struct(partition.Columns)));
        columns.AddRange(
        [
            ("record_count", SimpleType.Long), ("file_size_in_bytes", SimpleType.Long),
            ("column_sizes", Counts()), ("value_counts", Counts()), ("null_value_counts", Counts()), ("nan_value_counts", Counts()),
            ("lower_bounds", Bounds()), ("upper_bounds", Bounds()),
            ("key_metadata", SimpleType.Binary), ("split_offsets", ids.List(SimpleType.Long)), ("equality_ids", ids.List(SimpleType.Int)),
            ("sort_order_id", SimpleType.Int),
        ]);
        return columns;
    }

    private IEnumerable<object?> DataFileRow(DataFile file)
    {
        object?[] head = [(int)file.Content, file.FilePath, file.Format.ToString().ToUpperInvariant(), file.SpecId];
        object?[] tuple = partition.Fields.Count > 0 ? [partition.ValuesOf(file)] : [];
        object?[] tail =
        [
            file.RecordCount, file.FileSizeInBytes,
            Map(file.ColumnSizes, v => v), Map(file.ValueCounts, v => v), Map(file.NullValueCounts, v => v), Map(file.NanValueCounts, v => v),
            Bounds(file.LowerBounds), Bounds(file.UpperBounds),
            file.KeyMetadata, file.SplitOffsets?.Select(o => (object?)o).ToArray(), file.EqualityIds?.Select(id => (object?)id).ToArray(),
            file.SortOrderId,
        ];
        return head.Concat(tuple).Concat(tail);
    }

    private static object?[] Version3Row(DataFile file) => [file.FirstRowId, file.ReferencedDataFile, file.ContentOffset, file.ContentSizeInBytes];

    private object?[]? Bounds(IReadOnlyDictionary<int, byte[]>? bounds) =>
        Map(bounds?.Where(b => metadata.FindColumn(b.Key) is { Type.IsPrimitive: true }), b => b.Key, b => Text(metadata.FindColumn(b.Key)!.Type, Transform.Identity, b.Value));

    private object?[]? Summaries(ManifestFile manifest)
    {
        if (manifest.Partitions is not { } summaries)
            return null;
        var spec = metadata.Spec(manifest.PartitionSpecId);
        var type = metadata.PartitionType(spec);
        return [.. summaries.Zip(spec.Fields, (s, f) => (s, f)).Select((p, i) => new object?[]
        {
            p.s.ContainsNull, p.s.ContainsNaN, Text(type.Fields[i].Type, p.f.Transform, p.s.LowerBound), Text(type.Fields[i].Type, p.f.Transform, p.s.UpperBound),
        })];
    }

    private static string? Text(IcebergType type, Transform transform, byte[]? bound) =>
        bound is not null && BinarySingleValue.TryDeserialize(type, bound, out object? value) ? HumanText.Of(transform, type, value) : null;

    private static object?[]? Map<T>(IReadOnlyDictionary<int, T>? map, Func<T, object?> value) => Map(map, p => p.Key, p => value(p.Value));

    private static object?[]? Map<T>(IEnumerable<T>? items, Func<T, int> key, Func<T, object?> value) =>
        items?.OrderBy(key).Select(item => (object?)new object?[] { key(item), value(item) }).ToArray();
}
