using Tarn.Core.Errors;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>
/// Reads manifests of versions 1 to 3 entry by entry, everything included ("Manifests"). Sequence numbers, snapshot ids and first row ids are
/// inherited from the manifest list.
/// </summary>
public static class ManifestReader
{
    /// <summary>All entries in order, deleted ones included.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="manifest">The manifest as its list names it; entries inherit from it.</param>
    /// <param name="partitionType">Tuple type of the manifest's spec (<c>TableMetadata.PartitionType</c>).</param>
    /// <param name="known">Schemas that were read before; null to read each anew.</param>
    /// <exception cref="TarnException">DataCorrupted when the file is damaged or lacks a required field; Unsupported when it is encrypted or a file format is unknown.</exception>
    public static IReadOnlyList<ManifestEntry> Read(ReadOnlyMemory<byte> bytes, ManifestFile manifest, StructType partitionType, AvroSchemas? known = null)
    {
        var layout = ManifestLayout.Open(bytes, manifest.ManifestPath, partitionType, known);
        var blocks = layout.DecodeRows();
        var entries = new List<ManifestEntry>(blocks.Sum(b => b.Length));
        var inheritance = new ManifestInheritance(manifest, layout.HasSequenceNumbers);
        foreach (object? value in blocks.SelectMany(b => b))
        {
            int position = entries.Count;
            entries.Add(layout.ToEntry(value, position, inheritance));
        }

        return entries;
    }

    /// <summary>The locations of all files, of deleted entries too. That needs nothing of partitions, so they may be as they like.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="manifest">The manifest as its list names it.</param>
    /// <exception cref="TarnException">As for <see cref="Read"/>.</exception>
    public static IEnumerable<string> ReadLocations(ReadOnlyMemory<byte> bytes, ManifestFile manifest) =>
        Read(bytes, manifest, new StructType([])).Select(entry => entry.DataFile.FilePath);

    /// <summary>
    /// The first delete file of a manifest of which its writer does not tell where it applies: it names no data file, and the record of partitions has not the fields of
    /// the spec that the manifest names. Engines find the fields by id, by place or not at all, so they read such deletes differently.
    /// </summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="manifest">The manifest as its list names it.</param>
    /// <param name="partitionType">Tuple type of the manifest's spec (<c>TableMetadata.PartitionType</c>).</param>
    /// <returns>The file, without its partition, and the fields of its partition record in words; null when there is no such file.</returns>
    /// <exception cref="TarnException">As for <see cref="Read"/>.</exception>
    public static (DataFile File, string PartitionFields)? FindUnplacedDeletes(ReadOnlyMemory<byte> bytes, ManifestFile manifest, StructType partitionType)
    {
        var layout = ManifestLayout.Open(bytes, manifest.ManifestPath, partitionType);
        if (layout.Partition.IsOfSpec)
            return null;
        var unplaced = layout.LiveFiles(manifest.PartitionSpecId).FirstOrDefault(f => f.Content == FileContent.EqualityDeletes || DeleteFileIndex.ReferencedFile(f) is null);
        return unplaced is null ? null : (unplaced, layout.Partition.Fields);
    }

    /// <summary>
    /// A manifest that no list describes (version 1 snapshots that name manifests inline): what its own file metadata tells, counts unknown.
    /// </summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="location">Its location.</param>
    /// <param name="snapshotId">The snapshot that names it, which entries without snapshot id inherit.</param>
    /// <exception cref="TarnException">DataCorrupted when it is no Avro file.</exception>
    public static ManifestFile Describe(ReadOnlyMemory<byte> bytes, string location, long? snapshotId)
    {
        var header = ManifestHeader.Read(AvroFile.Open(bytes, location));
        return new ManifestFile
        {
            ManifestPath = location,
            ManifestLength = bytes.Length,
            PartitionSpecId = header.PartitionSpecId ?? 0,
            Content = header.Content,
            AddedSnapshotId = snapshotId,
        };
    }

    /// <summary>The manifest with all counts that its list left out, taken from its entries.</summary>
    /// <exception cref="TarnException">As for <see cref="Read"/>.</exception>
    public static ManifestFile WithCounts(ReadOnlyMemory<byte> bytes, ManifestFile manifest, StructType partitionType)
    {
        var entries = Read(bytes, manifest, partitionType);
        int Files(ManifestEntryStatus status) => entries.Count(e => e.Status == status);
        long Rows(ManifestEntryStatus status) => entries.Where(e => e.Status == status).Sum(e => e.DataFile.RecordCount);
        return manifest with
        {
            AddedFilesCount = manifest.AddedFilesCount ?? Files(ManifestEntryStatus.Added),
            ExistingFilesCount = manifest.ExistingFilesCount ?? Files(ManifestEntryStatus.Existing),
            DeletedFilesCount = manifest.DeletedFilesCount ?? Files(ManifestEntryStatus.Deleted),
            AddedRowsCount = manifest.AddedRowsCount ?? Rows(ManifestEntryStatus.Added),
            ExistingRowsCount = manifest.ExistingRowsCount ?? Rows(ManifestEntryStatus.Existing),
            DeletedRowsCount = manifest.DeletedRowsCount ?? Rows(ManifestEntryStatus.Deleted),
        };
    }
}
