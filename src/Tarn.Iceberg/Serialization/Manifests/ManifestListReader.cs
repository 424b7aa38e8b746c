using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Reads manifest lists of versions 1 to 3 ("Manifest Lists"); fields are found by id, by name where the writer gave none.</summary>
public static class ManifestListReader
{
    /// <summary>The manifests that a list names, in its order.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="location">Its location, for messages.</param>
    /// <param name="known">Schemas that were read before; null to read each anew.</param>
    /// <exception cref="TarnException">DataCorrupted when the file is damaged or lacks a required field; Unsupported when it is encrypted.</exception>
    public static IReadOnlyList<ManifestFile> Read(ReadOnlyMemory<byte> bytes, string location, AvroSchemas? known = null)
    {
        var file = AvroFile.Open(bytes, location, known);
        var manifests = new List<ManifestFile>();
        foreach (object? value in file.ReadAll(AvroDecoder.Compile(file.Schema)))
        {
            int position = manifests.Count;
            string Place() => $"Manifest {position} of manifest list {location}";
            if (value is not AvroDatum datum)
                throw TarnException.Corrupted($"{Place()} is no record: the file is not a manifest list.");
            manifests.Add(ToManifest(new AvroRow(datum, Place)));
        }

        return manifests;
    }

    private static ManifestFile ToManifest(AvroRow row)
    {
        var content = row.Int(ManifestListFields.Content) switch
        {
            null or 0 => ManifestContent.Data,
            1 => ManifestContent.Deletes,
            var other => throw TarnException.Corrupted($"{row.Place()} has content {other}; 0 (data) and 1 (deletes) are known."),
        };
        return new ManifestFile
        {
            ManifestPath = row.RequiredText(ManifestListFields.ManifestPath),
            ManifestLength = row.RequiredLong(ManifestListFields.ManifestLength),
            PartitionSpecId = row.RequiredInt(ManifestListFields.PartitionSpecId),
            Content = content,
            SequenceNumber = row.Long(ManifestListFields.SequenceNumber) ?? 0,
            MinSequenceNumber = row.Long(ManifestListFields.MinSequenceNumber) ?? 0,
            AddedSnapshotId = row.Long(ManifestListFields.AddedSnapshotId),
            AddedFilesCount = row.Int(ManifestListFields.AddedFilesCount),
            ExistingFilesCount = row.Int(ManifestListFields.ExistingFilesCount),
            DeletedFilesCount = row.Int(ManifestListFields.DeletedFilesCount),
            AddedRowsCount = row.Long(ManifestListFields.AddedRowsCount),
            ExistingRowsCount = row.Long(ManifestListFields.ExistingRowsCount),
            DeletedRowsCount = row.Long(ManifestListFields.DeletedRowsCount),
            Partitions = ToSummaries(row),
            KeyMetadata = row.Bytes(ManifestListFields.KeyMetadata),
            FirstRowId = row.Long(ManifestListFields.FirstRowId),
        };
    }

    private static FieldSummary[]? ToSummaries(AvroRow row)
    {
        if (row.List(ManifestListFields.Partitions) is not { } items)
            return null;
        var summaries = new FieldSummary[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i] is not AvroDatum datum)
                throw row.Wrong(ManifestListFields.Partitions, "a list of field summaries", items[i]);
            var summary = new AvroRow(datum, row.Place);
            summaries[i] = new FieldSummary(
                summary.Boolean(ManifestListFields.ContainsNull) ?? throw summary.Missing(ManifestListFields.ContainsNull),
                summary.Boolean(ManifestListFields.ContainsNaN),
                summary.Bytes(ManifestListFields.LowerBound),
                summary.Bytes(ManifestListFields.UpperBound));
        }

        return summaries;
    }
}
