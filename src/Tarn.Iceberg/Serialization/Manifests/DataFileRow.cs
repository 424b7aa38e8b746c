using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Makes a <see cref="DataFile"/> of a decoded <c>data_file</c> record ("Data File Fields").</summary>
internal static class DataFileRow
{
    internal static DataFile Read(AvroRow row, int specId, object?[] partition) => new()
    {
        Content = ToContent(row),
        FilePath = row.RequiredText(ManifestEntryFields.FilePath),
        Format = ToFormat(row.RequiredText(ManifestEntryFields.FileFormat), row.Place),
        SpecId = specId,
        Partition = partition,
        RecordCount = row.RequiredLong(ManifestEntryFields.RecordCount),
        FileSizeInBytes = row.RequiredLong(ManifestEntryFields.FileSizeInBytes),
        ColumnSizes = Counts(row, ManifestEntryFields.ColumnSizes),
        ValueCounts = Counts(row, ManifestEntryFields.ValueCounts),
        NullValueCounts = Counts(row, ManifestEntryFields.NullValueCounts),
        NanValueCounts = Counts(row, ManifestEntryFields.NanValueCounts),
        LowerBounds = row.Map(ManifestEntryFields.LowerBounds, ToBound),
        UpperBounds = row.Map(ManifestEntryFields.UpperBounds, ToBound),
        KeyMetadata = row.Bytes(ManifestEntryFields.KeyMetadata),
        SplitOffsets = Numbers(row, ManifestEntryFields.SplitOffsets),
        EqualityIds = Numbers(row, ManifestEntryFields.EqualityIds)?.Select(id => id == (int)id ? (int)id : throw row.Wrong(ManifestEntryFields.EqualityIds, "field ids", id)).ToArray(),
        SortOrderId = row.Int(ManifestEntryFields.SortOrderId),
        FirstRowId = row.Long(ManifestEntryFields.FirstRowId),
        ReferencedDataFile = row.Text(ManifestEntryFields.ReferencedDataFile),
        ContentOffset = row.Long(ManifestEntryFields.ContentOffset),
        ContentSizeInBytes = row.Long(ManifestEntryFields.ContentSizeInBytes),
    };

    internal static FileFormat ToFormat(string text, Func<string> place) => text.ToUpperInvariant() switch
    {
        "PARQUET" => FileFormat.Parquet,
        "AVRO" => FileFormat.Avro,
        "ORC" => FileFormat.Orc,
        "PUFFIN" => FileFormat.Puffin,
        _ => throw TarnException.Unsupported($"{place()} names file format '{text}'; parquet, avro, orc and puffin are known."),
    };

    private static FileContent ToContent(AvroRow row) => row.Int(ManifestEntryFields.Content) switch
    {
        null or 0 => FileContent.Data,
        1 => FileContent.PositionDeletes,
        2 => FileContent.EqualityDeletes,
        var other => throw TarnException.Corrupted($"{row.Place()} has content {other}; 0, 1 and 2 are known."),
    };

    private static IReadOnlyDictionary<int, long>? Counts(AvroRow row, ManifestField field) => row.Map(field, v => v switch
    {
        long count => (true, count),
        int count => (true, count),
        _ => (false, 0L),
    });

    private static (bool Found, byte[] Value) ToBound(object? value) => value is byte[] bytes ? (true, bytes) : (false, []);

    private static long[]? Numbers(AvroRow row, ManifestField field) => row.List(field)?.Select(v => v switch
    {
        int number => number,
        long number => number,
        _ => throw row.Wrong(field, "a list of numbers", v),
    }).ToArray();
}
