using System.Text.Json;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>
/// Data and delete files as JSON (<c>ContentFile</c>). Bounds are the hexadecimal digits of their binary form: Java's client reads nothing else, although the
/// specification also lets them be values.
/// </summary>
internal static class ContentFileJson
{
    /// <summary>Writes a file.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="file">The file.</param>
    /// <param name="partitionType">Type of its partition.</param>
    /// <param name="statsIds">Columns whose counts and bounds are written; empty writes none.</param>
    public static void Write(Utf8JsonWriter json, DataFile file, StructType partitionType, IReadOnlySet<int> statsIds)
    {
        json.WriteStartObject();
        json.WriteNumber("spec-id", file.SpecId);
        json.WriteString("content", file.Content switch
        {
            FileContent.Data => "data",
            FileContent.PositionDeletes => "position-deletes",
            _ => "equality-deletes",
        });
        json.WriteString("file-path", file.FilePath);
        json.WriteString("file-format", file.Format.ToString().ToLowerInvariant());
        json.WriteStartArray("partition");
        for (int i = 0; i < partitionType.Fields.Count; i++)
            JsonSingleValue.Write(json, partitionType.Fields[i].Type, i < file.Partition.Length ? file.Partition[i] : null);
        json.WriteEndArray();
        json.WriteNumber("file-size-in-bytes", file.FileSizeInBytes);
        json.WriteNumber("record-count", file.RecordCount);
        if (statsIds.Count > 0 && file.Content == FileContent.Data)
            WriteStatistics(json, file, statsIds);
        WriteReading(json, file);
        json.WriteEndObject();
    }

    private static void WriteReading(Utf8JsonWriter json, DataFile file)
    {
        if (file.KeyMetadata is { } key)
            json.WriteString("key-metadata", Convert.ToHexString(key));
        if (file.SplitOffsets is { } offsets)
            WriteArray(json, "split-offsets", offsets);
        if (file.EqualityIds is { } ids)
            WriteArray(json, "equality-ids", ids.Select(id => (long)id));
        WriteNumber(json, "sort-order-id", file.SortOrderId);
        WriteNumber(json, "first-row-id", file.FirstRowId);
        if (file.ReferencedDataFile is { } referenced)
            json.WriteString("referenced-data-file", referenced);
        WriteNumber(json, "content-offset", file.ContentOffset);
        WriteNumber(json, "content-size-in-bytes", file.ContentSizeInBytes);
    }

    private static void WriteStatistics(Utf8JsonWriter json, DataFile file, IReadOnlySet<int> ids)
    {
        WriteMap(json, "column-sizes", file.ColumnSizes, ids, json.WriteNumberValue);
        WriteMap(json, "value-counts", file.ValueCounts, ids, json.WriteNumberValue);
        WriteMap(json, "null-value-counts", file.NullValueCounts, ids, json.WriteNumberValue);
        WriteMap(json, "nan-value-counts", file.NanValueCounts, ids, json.WriteNumberValue);
        WriteMap(json, "lower-bounds", file.LowerBounds, ids, bound => json.WriteStringValue(Convert.ToHexString(bound)));
        WriteMap(json, "upper-bounds", file.UpperBounds, ids, bound => json.WriteStringValue(Convert.ToHexString(bound)));
    }

    private static void WriteMap<T>(Utf8JsonWriter json, string name, IReadOnlyDictionary<int, T>? map, IReadOnlySet<int> ids, Action<T> write)
    {
        if (map is null)
            return;
        KeyValuePair<int, T>[] wanted = [.. map.Where(entry => ids.Contains(entry.Key)).OrderBy(entry => entry.Key)];
        json.WriteStartObject(name);
        WriteArray(json, "keys", wanted.Select(entry => (long)entry.Key));
        json.WriteStartArray("values");
        foreach (var (_, value) in wanted)
            write(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
