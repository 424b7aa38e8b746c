using Tarn.Core.Errors;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>An open manifest: its file, its record types and how its partition record becomes a tuple.</summary>
internal sealed class ManifestLayout
{
    private readonly StructType _partitionType;

    private ManifestLayout(AvroFile file, AvroRecord entry, AvroRecord dataFile, StructType partitionType)
    {
        File = file;
        Entry = entry;
        DataFile = dataFile;
        _partitionType = partitionType;
        PartitionRecord = Record(FieldSchema(dataFile, ManifestEntryFields.Partition));
        Partition = new PartitionTuple(partitionType, PartitionRecord, file.Place);
        Decoder = new AvroDecoderCompiler(null, ColumnMapDecoder.TryCreate).Compile(entry);
    }

    internal AvroFile File { get; }

    internal AvroRecord Entry { get; }

    internal AvroRecord DataFile { get; }

    internal AvroRecord? PartitionRecord { get; }

    internal PartitionTuple Partition { get; }

    /// <summary>Decodes whole entries.</summary>
    internal AvroDecoder Decoder { get; }

    /// <summary>Whether entries have the column of data sequence numbers, which version 1 does not know.</summary>
    internal bool HasSequenceNumbers => Entry.IndexOf(ManifestEntryFields.SequenceNumber.Id, ManifestEntryFields.SequenceNumber.Name) >= 0;

    /// <exception cref="TarnException">DataCorrupted when the file is no manifest.</exception>
    internal static ManifestLayout Open(ReadOnlyMemory<byte> bytes, string location, StructType partitionType, AvroSchemas? known = null)
    {
        var file = AvroFile.Open(bytes, location, known);
        return Create(file, file.Schema, partitionType);
    }

    /// <summary>
    /// The same file read as Iceberg Java writes it: partition values that the schema declares as fixed are stored as bytes with their length.
    /// Null when no partition field is a plain fixed.
    /// </summary>
    internal ManifestLayout? WithFixedAsBytes()
    {
        if (PartitionRecord is null || !PartitionRecord.Fields.Any(f => ReplaceFixed(f.Schema) != f.Schema))
            return null;
        var partition = new AvroRecord(PartitionRecord.FullName, [.. PartitionRecord.Fields.Select(f => f with { Schema = ReplaceFixed(f.Schema) })]);
        var dataFile = new AvroRecord(DataFile.FullName, [.. DataFile.Fields.Select(f => Replace(f, PartitionRecord, partition))]);
        return Create(File, new AvroRecord(Entry.FullName, [.. Entry.Fields.Select(f => Replace(f, DataFile, dataFile))]), _partitionType);
    }

    /// <summary>All values, block by block; decoded a second way when the first finds the data damaged.</summary>
    internal object?[][] DecodeRows()
    {
        try
        {
            return DecodeRows(Decoder);
        }
        catch (TarnException damage) when (damage.Kind == ErrorKind.DataCorrupted && WithFixedAsBytes() is { } other)
        {
            return other.DecodeRows(other.Decoder);
        }
    }

    internal ManifestEntry ToEntry(object? value, int position, ManifestInheritance inheritance)
    {
        string Place() => $"Entry {position} of manifest {File.Place}";
        var row = new AvroRow((AvroDatum)value!, Place);
        var data = row.Record(ManifestEntryFields.DataFile) ?? throw row.Missing(ManifestEntryFields.DataFile);
        var status = row.RequiredInt(ManifestEntryFields.Status) switch
        {
            0 => ManifestEntryStatus.Existing,
            1 => ManifestEntryStatus.Added,
            2 => ManifestEntryStatus.Deleted,
            int other => throw TarnException.Corrupted($"{Place()} has status {other}; 0, 1 and 2 are known."),
        };
        var partition = data.Record(ManifestEntryFields.Partition)?.Datum;
        var file = DataFileRow.Read(data, inheritance.Manifest.PartitionSpecId, Partition.Read(partition));
        // Position deletes say themselves what they delete; all else belongs where its partition says.
        if (file.Content != FileContent.PositionDeletes)
            Partition.RequireComplete(file.Content);
        return new ManifestEntry(
            status,
            inheritance.SnapshotId(row.Long(ManifestEntryFields.SnapshotId)),
            inheritance.SequenceNumber(row.Long(ManifestEntryFields.SequenceNumber), status, position),
            inheritance.FileSequenceNumber(row.Long(ManifestEntryFields.FileSequenceNumber), status),
            file with { HasPartitionOfSpec = Partition.IsOfSpec, FirstRowId = inheritance.FirstRowId(file.FirstRowId, status, file.RecordCount) });
    }

    /// <summary>Files that are not deleted, with nothing of their partition.</summary>
    internal IEnumerable<DataFile> LiveFiles(int specId)
    {
        foreach (object? value in DecodeRows().SelectMany(block => block))
        {
            var row = new AvroRow((AvroDatum)value!, () => $"Manifest {File.Place}");
            var data = row.Record(ManifestEntryFields.DataFile) ?? throw row.Missing(ManifestEntryFields.DataFile);
            if (row.RequiredInt(ManifestEntryFields.Status) != (int)ManifestEntryStatus.Deleted)
                yield return DataFileRow.Read(data, specId, []);
        }
    }

    private static ManifestLayout Create(AvroFile file, AvroSchema schema, StructType partitionType)
    {
        var entry = Record(schema) ?? throw NoManifest(file, "its values are no records");
        var dataFile = Record(FieldSchema(entry, ManifestEntryFields.DataFile)) ?? throw NoManifest(file, "its records have no field 'data_file' (2)");
        return new ManifestLayout(file, entry, dataFile, partitionType);
    }

    private object?[][] DecodeRows(AvroDecoder decoder)
    {
        var blocks = new object?[File.Blocks.Count][];
        File.DecodeBlocks(decoder.MinBytes, Environment.ProcessorCount, (int block, ref AvroReader reader, int count) =>
        {
            var rows = new object?[count];
            for (int i = 0; i < count; i++)
                rows[i] = decoder.Read(ref reader);
            blocks[block] = rows;
        });
        return blocks;
    }

    private static AvroSchema? FieldSchema(AvroRecord record, ManifestField field) =>
        record.IndexOf(field.Id, field.Name) is >= 0 and int index ? record.Fields[index].Schema : null;

    private static AvroRecord? Record(AvroSchema? schema) => schema switch
    {
        AvroRecord record => record,
        AvroUnion { NonNull: AvroRecord record } => record,
        _ => null,
    };

    private static AvroField Replace(AvroField field, AvroRecord old, AvroRecord replacement) => field.Schema switch
    {
        AvroRecord record when record == old => field with { Schema = replacement },
        AvroUnion union when union.Branches.Contains(old) => field with { Schema = new AvroUnion([.. union.Branches.Select(b => b == old ? replacement : b)]) },
        _ => field,
    };

    private static AvroSchema ReplaceFixed(AvroSchema schema) => schema switch
    {
        AvroFixed { LogicalType: null } => new AvroPrimitive(AvroType.Bytes),
        AvroUnion union when union.Branches.Any(b => b is AvroFixed { LogicalType: null }) => new AvroUnion([.. union.Branches.Select(ReplaceFixed)]),
        _ => schema,
    };

    private static TarnException NoManifest(AvroFile file, string reason) => TarnException.Corrupted($"{file.Place} is not a manifest: {reason}.");
}
