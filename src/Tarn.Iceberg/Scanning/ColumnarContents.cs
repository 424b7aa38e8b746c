using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Scanning;

/// <summary>Over a manifest decoded into arrays: statistics of columns are decoded when a filter first asks for them, data files are made for survivors only.</summary>
internal sealed class ColumnarContents : ManifestContents
{
    // A data file with its path, tuple and headers.
    private const long BytesPerEntry = 700;

    private readonly ColumnarManifest manifest;
    private readonly ReadOnlyMemory<byte> file;
    private readonly ManifestEntry?[] entries;
    private int made;

    private ColumnarContents(ColumnarManifest manifest, ReadOnlyMemory<byte> file) =>
        (this.manifest, this.file, entries) = (manifest, file, new ManifestEntry?[manifest.Count]);

    /// <summary>Decodes a manifest together with the columns that the first filter needs.</summary>
    public static ColumnarContents Decode(ReadOnlyMemory<byte> file, ManifestFile manifest, StructType partitionType, IReadOnlyCollection<BoundTerm> columns)
    {
        var projection = new ColumnarProjection { StatisticsFieldIds = [.. columns.Select(c => c.FieldId)] };
        var decoded = ColumnarManifest.Decode(file, manifest, partitionType, projection);
        var contents = new ColumnarContents(decoded, file);
        contents.Columns(columns);
        return contents;
    }

    public override int Count => manifest.Count;

    protected override long EntryBytes => manifest.EstimatedBytes + (8L * entries.Length) + (BytesPerEntry * made);

    public override bool IsLive(int entry) => manifest.IsLive(entry);

    public override long RecordCount(int entry) => manifest.RecordCount(entry);

    public override IReadOnlyList<object?> Partition(int entry) => manifest.Partition(entry);

    /// <summary>The entry without counts and bounds, made when first asked for and then shared.</summary>
    public override ManifestEntry Entry(int entry)
    {
        if (Volatile.Read(ref entries[entry]) is { } known)
            return known;
        var created = ToEntry(entry);
        if (Interlocked.CompareExchange(ref entries[entry], created, null) is { } other)
            return other;
        Interlocked.Increment(ref made);
        return created;
    }

    public override IReadOnlyList<ManifestEntry> FullEntries() => manifest.ReadEntries();

    protected override IReadOnlyList<ColumnMetrics[]> DecodeColumns(IReadOnlyList<BoundTerm> wanted)
    {
        int[] missing = [.. wanted.Select(c => c.FieldId).Where(id => manifest.Statistics(id) is null)];
        var source = missing.Length == 0
            ? manifest
            : ColumnarManifest.Decode(file, manifest.Manifest, manifest.PartitionType, new ColumnarProjection { StatisticsFieldIds = [.. wanted.Select(c => c.FieldId)], SplitOffsets = false });
        return [.. wanted.Select(c => Metrics(source.Statistics(c.FieldId)!, c.SourceType))];
    }

    private ManifestEntry ToEntry(int entry)
    {
        var key = manifest.KeyMetadata[entry];
        return new ManifestEntry(manifest.Status(entry), manifest.SnapshotId(entry), manifest.SequenceNumber(entry), manifest.FileSequenceNumber(entry), new DataFile
        {
            Content = manifest.Content(entry),
            FilePath = manifest.FilePath(entry),
            Format = manifest.Format(entry),
            SpecId = manifest.Manifest.PartitionSpecId,
            Partition = manifest.Partition(entry),
            RecordCount = manifest.RecordCount(entry),
            FileSizeInBytes = manifest.FileSizeInBytes(entry),
            KeyMetadata = key.IsNull ? null : key.In(manifest.Bytes).ToArray(),
            SplitOffsets = manifest.SplitOffsets[entry],
            SortOrderId = (int?)ColumnarManifest.Number(manifest.SortOrderIds[entry]),
            FirstRowId = manifest.FirstRowId(entry),
        });
    }

    private ColumnMetrics[] Metrics(ColumnStatistics statistics, IcebergType type)
    {
        var metrics = new ColumnMetrics[manifest.Count];
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i] = ColumnMetrics.Of(
                type, statistics.ValueCount(i), statistics.NullValueCount(i), statistics.NanValueCount(i),
                statistics.TryGetLower(i, out var lower) && BinarySingleValue.TryDeserialize(type, lower, out object? from) ? from : null,
                statistics.TryGetUpper(i, out var upper) && BinarySingleValue.TryDeserialize(type, upper, out object? to) ? to : null);
        }

        return metrics;
    }
}
