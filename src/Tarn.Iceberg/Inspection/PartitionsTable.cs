using System.Runtime.CompilerServices;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Inspection;

/// <summary>
/// <c>$partitions</c>: live data files by partition, with the range and counts of every other top-level column. A value is null as soon as
/// one file does not tell it.
/// </summary>
internal static class PartitionsTable
{
    public static MetadataTable Create(TableMetadata metadata, TableScan scan, FileTables files)
    {
        var identities = metadata.DefaultSpec.Fields.Where(f => f.Transform.Kind == TransformKind.Identity).Select(f => f.SourceId).ToHashSet();
        NestedField[] data = [.. scan.Schema.Fields.Where(f => f.Type.IsPrimitive && f.Type.Id != TypeId.Unknown && !identities.Contains(f.Id))];
        var columns = new ColumnList();
        if (files.Partition.Fields.Count > 0)
            columns.Add("partition", columns.Struct(files.Partition.Columns));
        columns.Add("record_count", SimpleType.Long).Add("file_count", SimpleType.Long).Add("total_size", SimpleType.Long);
        if (data.Length > 0)
            columns.Add("data", columns.Struct(data.Select(f => (f.Name, Metrics(columns, f.Type)))));
        return new MetadataTable(MetadataTableKind.Partitions, columns.ToSchema(), RowsAsync(files, data));
    }

    private static IcebergType Metrics(ColumnList columns, IcebergType type) =>
        columns.Struct([("min", type), ("max", type), ("null_count", SimpleType.Long), ("nan_count", SimpleType.Long)]);

    private static async IAsyncEnumerable<object?[]> RowsAsync(FileTables files, NestedField[] data, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sums = new Dictionary<PartitionKey, Sum>();
        var order = new List<Sum>();
        await foreach (var entry in files.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var file = entry.DataFile;
            if (!entry.IsLive || file.Content != FileContent.Data)
                continue;
            var key = files.Partition.KeyOf(file);
            if (!sums.TryGetValue(key, out var sum))
            {
                sums[key] = sum = new Sum(files.Partition.ValuesOf(file), data);
                order.Add(sum);
            }

            sum.Add(file);
        }

        foreach (var sum in order)
        {
            object?[] head = files.Partition.Fields.Count > 0 ? [sum.Partition] : [];
            object?[] tail = data.Length > 0 ? [sum.Columns.Select(c => (object?)c.Row()).ToArray()] : [];
            yield return [.. head, sum.Records, sum.Files, sum.Bytes, .. tail];
        }
    }

    private sealed class Sum(object?[] partition, NestedField[] data)
    {
        public object?[] Partition { get; } = partition;

        public ColumnSum[] Columns { get; } = [.. data.Select(f => new ColumnSum(f))];

        public long Records { get; private set; }

        public long Files { get; private set; }

        public long Bytes { get; private set; }

        public void Add(DataFile file)
        {
            Records += file.RecordCount;
            Files++;
            Bytes += file.FileSizeInBytes;
            foreach (var column in Columns)
                column.Add(file);
        }
    }

    private sealed class ColumnSum(NestedField field)
    {
        private bool boundsKnown = true;
        private object? min;
        private object? max;
        private long? nulls = 0;
        private long? nans = 0;

        public void Add(DataFile file)
        {
            nulls += Count(file.NullValueCounts);
            nans += Count(file.NanValueCounts);
            // A file of nulls has no bounds and changes none.
            if (Count(file.ValueCounts) is { } values && Count(file.NullValueCounts) == values)
                return;
            object? lower = Bound(file.LowerBounds), upper = Bound(file.UpperBounds);
            boundsKnown &= lower is not null && upper is not null;
            if (!boundsKnown)
                return;
            min = min is null || ValueOrder.Compare(lower!, min) < 0 ? lower : min;
            max = max is null || ValueOrder.Compare(upper!, max) > 0 ? upper : max;
        }

        public object?[]? Row() => min is null && nulls is null ? null : [boundsKnown ? min : null, boundsKnown ? max : null, nulls, nans];

        private long? Count(IReadOnlyDictionary<int, long>? counts) => counts is not null && counts.TryGetValue(field.Id, out long count) ? count : null;

        private object? Bound(IReadOnlyDictionary<int, byte[]>? bounds) =>
            bounds is not null && bounds.TryGetValue(field.Id, out byte[]? bound) ? ColumnMetrics.Decode(bound, field.Type) : null;
    }
}
