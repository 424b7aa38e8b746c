using System.Text;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Fills the columns of a <see cref="ColumnarManifest"/> from entries that were read one by one: for manifests of unusual shape.</summary>
internal static class ColumnarRows
{
    internal static ColumnarManifest Build(
        ReadOnlyMemory<byte> bytes, IReadOnlyList<ManifestEntry> entries, ManifestFile manifest, StructType partitionType, ColumnarProjection projection)
    {
        var target = new ColumnarManifest(bytes, manifest, partitionType, projection, entries.Count) { HasPartitionOfSpec = entries.All(e => e.DataFile.HasPartitionOfSpec) };
        var store = new ByteStore(entries.Count * 128);
        for (int row = 0; row < entries.Count; row++)
        {
            PutEntry(target, row, entries[row]);
            PutFile(target, row, entries[row].DataFile, store);
            foreach (int id in projection.StatisticsFieldIds)
                PutStatistics(target.Statistics(id)!, row, entries[row].DataFile, store);
        }

        target.Bytes = store.ToArray();
        return target;
    }

    private static void PutEntry(ColumnarManifest target, int row, ManifestEntry entry)
    {
        target.Statuses[row] = (byte)entry.Status;
        target.SnapshotIds[row] = entry.SnapshotId ?? ColumnarManifest.NoNumber;
        target.SequenceNumbers[row] = entry.SequenceNumber ?? 0;
        target.FileSequenceNumbers[row] = entry.FileSequenceNumber ?? ColumnarManifest.NoNumber;
    }

    private static void PutFile(ColumnarManifest target, int row, DataFile file, ByteStore store)
    {
        target.Contents[row] = (byte)file.Content;
        target.Formats[row] = (byte)file.Format;
        target.Paths[row] = store.Add(Encoding.UTF8.GetBytes(file.FilePath));
        target.RecordCounts[row] = file.RecordCount;
        target.FileSizes[row] = file.FileSizeInBytes;
        target.SortOrderIds[row] = file.SortOrderId ?? ColumnarManifest.NoNumber;
        target.FirstRowIds[row] = file.FirstRowId ?? ColumnarManifest.NoNumber;
        target.SplitOffsets[row] = target.Projection.SplitOffsets ? file.SplitOffsets?.ToArray() : null;
        if (file.KeyMetadata is { } key)
            target.KeyMetadata[row] = store.Add(key);
        for (int i = 0; i < target.Partitions.Count; i++)
            PartitionStep.Store(target.Partitions[i], row, file.Partition[i], store);
        if (target.Manifest.Content != ManifestContent.Deletes)
            return;
        target.ContentOffsets[row] = file.ContentOffset ?? ColumnarManifest.NoNumber;
        target.ContentSizes[row] = file.ContentSizeInBytes ?? ColumnarManifest.NoNumber;
        target.EqualityIds[row] = file.EqualityIds?.Select(id => (long)id).ToArray();
        if (file.ReferencedDataFile is { } referenced)
            target.ReferencedDataFiles[row] = store.Add(Encoding.UTF8.GetBytes(referenced));
    }

    private static void PutStatistics(ColumnStatistics target, int row, DataFile file, ByteStore store)
    {
        target.Values[row] = Count(file.ValueCounts, target.FieldId);
        target.Nulls[row] = Count(file.NullValueCounts, target.FieldId);
        target.NaNs[row] = Count(file.NanValueCounts, target.FieldId);
        if (file.LowerBounds?.TryGetValue(target.FieldId, out byte[]? lower) == true)
            target.Lower[row] = store.Add(lower);
        if (file.UpperBounds?.TryGetValue(target.FieldId, out byte[]? upper) == true)
            target.Upper[row] = store.Add(upper);
    }

    private static long Count(IReadOnlyDictionary<int, long>? counts, int fieldId) =>
        counts?.TryGetValue(fieldId, out long count) == true ? count : ColumnStatistics.NoCount;
}
