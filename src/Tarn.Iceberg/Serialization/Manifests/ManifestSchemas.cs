using System.Globalization;
using System.Text.Json;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>The Avro schemas of manifest lists and manifests by format version, with the names and order that other implementations write.</summary>
internal static class ManifestSchemas
{
    private static readonly AvroSchema Int = new AvroPrimitive(AvroType.Int);
    private static readonly AvroSchema Long = new AvroPrimitive(AvroType.Long);
    private static readonly AvroSchema Text = new AvroPrimitive(AvroType.String);
    private static readonly AvroSchema Bytes = new AvroPrimitive(AvroType.Bytes);

    private static readonly AvroRecord[] ManifestLists = [NewManifestList(1), NewManifestList(2), NewManifestList(3)];

    /// <summary>Schema of manifest lists.</summary>
    internal static AvroRecord ManifestList(int formatVersion) => ManifestLists[formatVersion - 1];

    private static AvroRecord NewManifestList(int formatVersion)
    {
        bool v1 = formatVersion == 1;
        AvroSchema CountOf(AvroSchema type) => v1 ? AvroTypeMapping.Optional(type) : type;
        List<AvroField> fields =
        [
            Field(ManifestListFields.ManifestPath, Text, "Location of the manifest"),
            Field(ManifestListFields.ManifestLength, Long, "Length of the manifest in bytes"),
            Field(ManifestListFields.PartitionSpecId, Int, "Spec of the manifest's entries"),
        ];
        if (!v1)
        {
            fields.Add(Field(ManifestListFields.Content, Int, "0 is data, 1 is deletes"));
            fields.Add(Field(ManifestListFields.SequenceNumber, Long, "Sequence number when the manifest was added"));
            fields.Add(Field(ManifestListFields.MinSequenceNumber, Long, "Lowest data sequence number in the manifest"));
        }

        fields.AddRange(
            Field(ManifestListFields.AddedSnapshotId, Long, "Snapshot that added the manifest"),
            Field(ManifestListFields.AddedFilesCount, CountOf(Int), "Added entries"),
            Field(ManifestListFields.ExistingFilesCount, CountOf(Int), "Existing entries"),
            Field(ManifestListFields.DeletedFilesCount, CountOf(Int), "Deleted entries"));
        if (v1)
            fields.Add(Summaries());
        fields.AddRange(
            Field(ManifestListFields.AddedRowsCount, CountOf(Long), "Rows of added entries"),
            Field(ManifestListFields.ExistingRowsCount, CountOf(Long), "Rows of existing entries"),
            Field(ManifestListFields.DeletedRowsCount, CountOf(Long), "Rows of deleted entries"));
        if (!v1)
            fields.Add(Summaries());
        fields.Add(Optional(ManifestListFields.KeyMetadata, Bytes, "Encryption key metadata"));
        if (formatVersion >= 3)
            fields.Add(Optional(ManifestListFields.FirstRowId, Long, "First row id of added data files"));
        return new AvroRecord("manifest_file", fields);
    }

    /// <summary>Schema of manifest entries with a partition tuple.</summary>
    internal static AvroRecord ManifestEntry(int formatVersion, StructType partitionType)
    {
        List<AvroField> fields =
        [
            Field(ManifestEntryFields.Status, Int, null),
            Optional(ManifestEntryFields.SnapshotId, Long, null),
        ];
        if (formatVersion >= 2)
        {
            fields.Add(Optional(ManifestEntryFields.SequenceNumber, Long, null));
            fields.Add(Optional(ManifestEntryFields.FileSequenceNumber, Long, null));
        }

        fields.Add(Field(ManifestEntryFields.DataFile, DataFile(formatVersion, partitionType), null));
        return new AvroRecord("manifest_entry", fields);
    }

    private static AvroRecord DataFile(int formatVersion, StructType partitionType)
    {
        List<AvroField> fields = [];
        if (formatVersion >= 2)
            fields.Add(Field(ManifestEntryFields.Content, Int, "0 is data, 1 is position deletes, 2 is equality deletes"));
        fields.AddRange(
            Field(ManifestEntryFields.FilePath, Text, "Location of the file"),
            Field(ManifestEntryFields.FileFormat, Text, "Format of the file"),
            Field(ManifestEntryFields.Partition, Partition(partitionType), "Partition tuple"),
            Field(ManifestEntryFields.RecordCount, Long, "Records in the file"),
            Field(ManifestEntryFields.FileSizeInBytes, Long, "Length of the file in bytes"));
        if (formatVersion == 1)
            fields.Add(Field(ManifestEntryFields.BlockSizeInBytes, Long, null));
        fields.AddRange(
            Map(ManifestEntryFields.ColumnSizes, Long, "Bytes on disk by column id"),
            Map(ManifestEntryFields.ValueCounts, Long, "Values by column id, null and NaN included"),
            Map(ManifestEntryFields.NullValueCounts, Long, "Nulls by column id"),
            Map(ManifestEntryFields.NanValueCounts, Long, "NaNs by column id"),
            Map(ManifestEntryFields.LowerBounds, Bytes, "Lower bound by column id"),
            Map(ManifestEntryFields.UpperBounds, Bytes, "Upper bound by column id"),
            Optional(ManifestEntryFields.KeyMetadata, Bytes, "Encryption key metadata"),
            List(ManifestEntryFields.SplitOffsets, Long, 133, "Offsets at which the file may be split"));
        if (formatVersion >= 2)
            fields.Add(List(ManifestEntryFields.EqualityIds, Int, 136, "Field ids that equality deletes compare"));
        fields.Add(Optional(ManifestEntryFields.SortOrderId, Int, "Sort order of the rows"));
        if (formatVersion >= 3)
            fields.Add(Optional(ManifestEntryFields.FirstRowId, Long, "Row id of the first row"));
        if (formatVersion >= 2)
            fields.Add(Optional(ManifestEntryFields.ReferencedDataFile, Text, "Data file that all deletes refer to"));
        if (formatVersion >= 3)
        {
            fields.Add(Optional(ManifestEntryFields.ContentOffset, Long, "Where the content begins in the file"));
            fields.Add(Optional(ManifestEntryFields.ContentSizeInBytes, Long, "Length of the content"));
        }

        return new AvroRecord("r2", fields);
    }

    private static AvroRecord Partition(StructType type)
    {
        var mapping = new AvroTypeMapping();
        return new AvroRecord("r102", [.. type.Fields.Select(f => AvroTypeMapping.Field(f.Id, f.Name, f.Type.Id == TypeId.Unknown
            ? mapping.Primitive(f.Type)
            : AvroTypeMapping.Optional(mapping.Primitive(f.Type))))]);
    }

    private static AvroField Summaries()
    {
        var summary = new AvroRecord(
            "r508",
            [
                Field(ManifestListFields.ContainsNull, new AvroPrimitive(AvroType.Boolean), "Whether some value is null"),
                Optional(ManifestListFields.ContainsNaN, new AvroPrimitive(AvroType.Boolean), "Whether some value is NaN"),
                Optional(ManifestListFields.LowerBound, Bytes, "Lower bound of the values"),
                Optional(ManifestListFields.UpperBound, Bytes, "Upper bound of the values"),
            ]);
        return Optional(ManifestListFields.Partitions, Array(summary, ManifestListFields.PartitionsElementId), "Summary of each partition field");
    }

    private static AvroField Map(ManifestField field, AvroSchema value, string doc)
    {
        var (keyId, valueId) = ManifestEntryFields.MapIds(field.Id);
        string name = string.Create(CultureInfo.InvariantCulture, $"k{keyId}_v{valueId}");
        var pair = new AvroRecord(name, [AvroTypeMapping.Field(keyId, "key", Int), AvroTypeMapping.Field(valueId, "value", value)]);
        return Optional(field, new AvroArray(pair, Attribute("logicalType", "map")), doc);
    }

    private static AvroField List(ManifestField field, AvroSchema element, int elementId, string doc) => Optional(field, Array(element, elementId), doc);

    private static AvroArray Array(AvroSchema items, int elementId) => new(items, Attribute("element-id", elementId));

    private static AvroField Field(ManifestField field, AvroSchema schema, string? doc) => AvroTypeMapping.Field(field.Id, field.Name, schema, doc);

    private static AvroField Optional(ManifestField field, AvroSchema schema, string? doc) => Field(field, AvroTypeMapping.Optional(schema), doc);

    private static Dictionary<string, JsonElement> Attribute<T>(string name, T value) =>
        new(StringComparer.Ordinal) { [name] = JsonSerializer.SerializeToElement(value) };
}
