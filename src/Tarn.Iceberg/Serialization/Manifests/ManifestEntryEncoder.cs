using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Writes manifest entries in the order of <see cref="ManifestSchemas.ManifestEntry"/>.</summary>
internal static class ManifestEntryEncoder
{
    /// <summary>The size that version 1 requires and nobody reads; 64 MB as other writers put it.</summary>
    private const long DefaultBlockSizeBytes = 64 * 1024 * 1024;

    internal static void Write(AvroWriter writer, ManifestEntry entry, int formatVersion, StructType partitionType, long? snapshotId)
    {
        writer.WriteLong((int)entry.Status);
        WriteLong(writer, entry.SnapshotId ?? (formatVersion == 1 ? snapshotId : null));
        if (formatVersion >= 2)
        {
            WriteLong(writer, entry.SequenceNumber);
            WriteLong(writer, entry.Status == ManifestEntryStatus.Added ? null : entry.FileSequenceNumber);
        }

        var file = entry.DataFile;
        if (formatVersion >= 2)
            writer.WriteLong((int)file.Content);
        writer.WriteString(file.FilePath);
        writer.WriteString(FormatName(file.Format));
        WritePartition(writer, file, partitionType);
        writer.WriteLong(file.RecordCount);
        writer.WriteLong(file.FileSizeInBytes);
        if (formatVersion == 1)
            writer.WriteLong(DefaultBlockSizeBytes);
        WriteMetrics(writer, file);
        WriteRest(writer, entry, formatVersion);
    }

    private static void WriteMetrics(AvroWriter writer, DataFile file)
    {
        WriteCounts(writer, file.ColumnSizes);
        WriteCounts(writer, file.ValueCounts);
        WriteCounts(writer, file.NullValueCounts);
        WriteCounts(writer, file.NanValueCounts);
        WriteBounds(writer, file.LowerBounds);
        WriteBounds(writer, file.UpperBounds);
    }

    private static void WriteRest(AvroWriter writer, ManifestEntry entry, int formatVersion)
    {
        var file = entry.DataFile;
        WriteBytes(writer, file.KeyMetadata);
        WriteList(writer, file.SplitOffsets, o => o);
        if (formatVersion >= 2)
            WriteList(writer, file.EqualityIds, id => id);
        WriteLong(writer, file.SortOrderId);
        if (formatVersion >= 3)
            WriteLong(writer, file.Content == FileContent.Data ? file.FirstRowId : null);
        if (formatVersion >= 2)
            WriteText(writer, file.ReferencedDataFile);
        if (formatVersion >= 3)
        {
            WriteLong(writer, file.ContentOffset);
            WriteLong(writer, file.ContentSizeInBytes);
        }
    }

    private static void WritePartition(AvroWriter writer, DataFile file, StructType type)
    {
        for (int i = 0; i < type.Fields.Count; i++)
        {
            var field = type.Fields[i];
            object? value = file.Partition[i];
            if (field.Type.Id == TypeId.Unknown)
            {
                if (value is not null)
                    throw TarnException.Unsupported($"Partition field '{field.Name}' of {file.FilePath} has a value and an unknown type: its source column is in no schema of the table any more.");
                continue;
            }

            writer.WriteLong(value is null ? 0 : 1);
            if (value is not null)
                AvroTypeMapping.Write(writer, field.Type, value);
        }
    }

    private static void WriteCounts(AvroWriter writer, IReadOnlyDictionary<int, long>? counts) => WriteMap(writer, counts, writer.WriteLong);

    private static void WriteBounds(AvroWriter writer, IReadOnlyDictionary<int, byte[]>? bounds) => WriteMap(writer, bounds, b => writer.WriteBytes(b));

    private static void WriteMap<T>(AvroWriter writer, IReadOnlyDictionary<int, T>? map, Action<T> write)
    {
        writer.WriteLong(map is null ? 0 : 1);
        if (map is null)
            return;
        if (map.Count > 0)
            writer.WriteLong(map.Count);
        foreach (var (key, value) in map.OrderBy(p => p.Key))
        {
            writer.WriteLong(key);
            write(value);
        }

        writer.WriteLong(0);
    }

    private static void WriteList<T>(AvroWriter writer, IReadOnlyList<T>? items, Func<T, long> number)
    {
        writer.WriteLong(items is null ? 0 : 1);
        if (items is null)
            return;
        if (items.Count > 0)
            writer.WriteLong(items.Count);
        foreach (var item in items)
            writer.WriteLong(number(item));
        writer.WriteLong(0);
    }

    private static void WriteLong(AvroWriter writer, long? value)
    {
        writer.WriteLong(value is null ? 0 : 1);
        if (value is { } number)
            writer.WriteLong(number);
    }

    private static void WriteBytes(AvroWriter writer, byte[]? value)
    {
        writer.WriteLong(value is null ? 0 : 1);
        if (value is not null)
            writer.WriteBytes(value);
    }

    private static void WriteText(AvroWriter writer, string? value)
    {
        writer.WriteLong(value is null ? 0 : 1);
        if (value is not null)
            writer.WriteString(value);
    }

    private static string FormatName(FileFormat format) => format switch
    {
        FileFormat.Parquet => "PARQUET",
        FileFormat.Avro => "AVRO",
        FileFormat.Orc => "ORC",
        FileFormat.Puffin => "PUFFIN",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown file format."),
    };
}
