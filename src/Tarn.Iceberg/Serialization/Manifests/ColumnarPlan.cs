using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Chooses a step for each field of a manifest's records.</summary>
internal sealed class ColumnarPlan
{
    private readonly ManifestLayout _layout;
    private readonly ColumnarManifest _target;
    private readonly int[] _fieldIds;
    private readonly ColumnStatistics[] _statistics;
    private readonly FieldLookup _lookup;
    private readonly HashSet<int> _found = [];

    internal ColumnarPlan(ManifestLayout layout, ColumnarManifest target)
    {
        (_layout, _target) = (layout, target);
        _fieldIds = [.. target.Projection.StatisticsFieldIds.Distinct()];
        _statistics = [.. _fieldIds.Select(id => target.Statistics(id)!)];
        _lookup = new FieldLookup(_fieldIds);
    }

    internal bool HasSequenceNumbers => _layout.HasSequenceNumbers;

    /// <summary>The steps for one entry; null when a field that is needed has an unusual shape or is missing.</summary>
    internal ColumnarStep[]? TryCompile()
    {
        if (CompileRecord(_layout.Entry, EntryStep) is not { } steps)
            return null;
        FillAbsent();
        ManifestField[] required =
        [
            ManifestEntryFields.Status, ManifestEntryFields.DataFile, ManifestEntryFields.FilePath, ManifestEntryFields.FileFormat,
            ManifestEntryFields.RecordCount, ManifestEntryFields.FileSizeInBytes,
        ];
        bool partitioned = _target.Partitions.Count > 0;
        return required.All(f => _found.Contains(f.Id)) && (!partitioned || _found.Contains(ManifestEntryFields.Partition.Id)) ? steps : null;
    }

    private static ManifestField? Known(AvroRecord record, AvroField field, ReadOnlySpan<ManifestField> known)
    {
        foreach (var candidate in known)
        {
            if (record.IndexOf(candidate.Id, candidate.Name) is >= 0 and int index && ReferenceEquals(record.Fields[index], field))
                return candidate;
        }

        return null;
    }

    private static ColumnarStep[]? CompileRecord(AvroRecord record, Func<AvroRecord, AvroField, ColumnarStep?> compile)
    {
        var steps = new ColumnarStep[record.Fields.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            if (compile(record, record.Fields[i]) is not { } step)
                return null;
            steps[i] = step;
        }

        return steps;
    }

    private ColumnarStep? EntryStep(AvroRecord record, AvroField field)
    {
        var known = Known(record, field, [
            ManifestEntryFields.Status, ManifestEntryFields.SnapshotId, ManifestEntryFields.SequenceNumber, ManifestEntryFields.FileSequenceNumber,
            ManifestEntryFields.DataFile]);
        if (known is not { } found)
            return Skip(field);
        _found.Add(found.Id);
        return found.Id switch
        {
            0 => Code(found, field, _target.Statuses, (int)ManifestEntryStatus.Deleted, required: true),
            1 => Long(found, field, _target.SnapshotIds),
            3 => Long(found, field, _target.SequenceNumbers),
            4 => Long(found, field, _target.FileSequenceNumbers),
            _ => field.Schema is AvroRecord file && CompileRecord(file, FileStep) is { } steps ? new RecordStep(steps) : null,
        };
    }

    private ColumnarStep? FileStep(AvroRecord record, AvroField field)
    {
        var known = Known(record, field, [
            ManifestEntryFields.Content, ManifestEntryFields.FilePath, ManifestEntryFields.FileFormat, ManifestEntryFields.Partition,
            ManifestEntryFields.RecordCount, ManifestEntryFields.FileSizeInBytes, ManifestEntryFields.ValueCounts, ManifestEntryFields.NullValueCounts,
            ManifestEntryFields.NanValueCounts, ManifestEntryFields.LowerBounds, ManifestEntryFields.UpperBounds, ManifestEntryFields.KeyMetadata,
            ManifestEntryFields.SplitOffsets, ManifestEntryFields.EqualityIds, ManifestEntryFields.SortOrderId, ManifestEntryFields.FirstRowId,
            ManifestEntryFields.ReferencedDataFile, ManifestEntryFields.ContentOffset, ManifestEntryFields.ContentSizeInBytes]);
        if (known is not { } found)
            return Skip(field);
        _found.Add(found.Id);
        bool deletes = _target.Manifest.Content == ManifestContent.Deletes, statistics = _fieldIds.Length > 0;
        return found.Id switch
        {
            134 => Code(found, field, _target.Contents, (int)FileContent.EqualityDeletes, required: false),
            100 => Bytes(found, field, _target.Paths, required: true),
            101 => field.Schema.Type == AvroType.String ? new FormatStep(_target.Formats) : null,
            102 => Partition(field),
            103 => Long(found, field, _target.RecordCounts, required: true),
            104 => Long(found, field, _target.FileSizes, required: true),
            109 when statistics => Counts(field, [.. _statistics.Select(s => s.Values)]),
            110 when statistics => Counts(field, [.. _statistics.Select(s => s.Nulls)]),
            137 when statistics => Counts(field, [.. _statistics.Select(s => s.NaNs)]),
            125 when statistics => Bounds(field, [.. _statistics.Select(s => s.Lower)]),
            128 when statistics => Bounds(field, [.. _statistics.Select(s => s.Upper)]),
            131 => Bytes(found, field, _target.KeyMetadata, required: false),
            132 when _target.Projection.SplitOffsets => Numbers(field, _target.SplitOffsets),
            135 when deletes => Numbers(field, _target.EqualityIds),
            140 => Long(found, field, _target.SortOrderIds),
            142 => Long(found, field, _target.FirstRowIds),
            143 when deletes => Bytes(found, field, _target.ReferencedDataFiles, required: false),
            144 when deletes => Long(found, field, _target.ContentOffsets),
            145 when deletes => Long(found, field, _target.ContentSizes),
            _ => Skip(field),
        };
    }

    /// <summary>Numbers of columns that the file does not have are null.</summary>
    private void FillAbsent()
    {
        (int Id, long[] Column)[] columns =
        [
            (1, _target.SnapshotIds), (3, _target.SequenceNumbers), (4, _target.FileSequenceNumbers), (140, _target.SortOrderIds), (142, _target.FirstRowIds),
            (144, _target.ContentOffsets), (145, _target.ContentSizes),
        ];
        foreach (var (id, column) in columns)
        {
            if (!_found.Contains(id))
                Array.Fill(column, ColumnarManifest.NoNumber);
        }
    }

    private RecordStep? Partition(AvroField field)
    {
        if (field.Schema is not AvroRecord record)
            return _target.Partitions.Count == 0 ? new RecordStep([Skip(field)]) : null;
        var steps = new ColumnarStep[record.Fields.Count];
        for (int i = 0; i < steps.Length; i++)
            steps[i] = Skip(record.Fields[i]);
        for (int i = 0; i < _target.Partitions.Count; i++)
        {
            int index = _layout.Partition.Sources[i].Index;

            // Two fields of the spec that a damaged schema gives one source: each needs its value, so entries are read one by one.
            if (index >= 0 && steps[index] is not SkipStep)
                return null;
            if (index >= 0)
                steps[index] = new PartitionStep(record.Fields[index].Schema, _target.Partitions[i], _layout.Partition);
            else
                Array.Fill(_target.Partitions[i].Absent, true);
        }

        return new RecordStep(steps);
    }

    private static SkipStep Skip(AvroField field) => new(AvroDecoder.Compile(field.Schema));

    private static LongStep? Long(ManifestField known, AvroField field, long[] target, bool required = false) =>
        Nullability.TryUnwrap(field.Schema, out var inner, out var nullability) && inner.Type is AvroType.Int or AvroType.Long
            ? new LongStep(nullability, target, known, required)
            : null;

    private static CodeStep? Code(ManifestField known, AvroField field, byte[] target, int maximum, bool required) =>
        Nullability.TryUnwrap(field.Schema, out var inner, out var nullability) && inner.Type is AvroType.Int or AvroType.Long
            ? new CodeStep(nullability, target, known, maximum, required)
            : null;

    private static BytesStep? Bytes(ManifestField known, AvroField field, ByteSlice[] target, bool required) =>
        Nullability.TryUnwrap(field.Schema, out var inner, out var nullability) && inner.Type is AvroType.String or AvroType.Bytes
            ? new BytesStep(nullability, target, known, required)
            : null;

    private static NumbersStep? Numbers(AvroField field, long[]?[] target) =>
        Nullability.TryUnwrap(field.Schema, out var inner, out var nullability) && inner is AvroArray { Items.Type: AvroType.Int or AvroType.Long }
            ? new NumbersStep(nullability, target)
            : null;

    private CountsStep? Counts(AvroField field, long[][] targets) =>
        TryPairs(field, out var nullability, out var value) && value is AvroType.Int or AvroType.Long ? new CountsStep(nullability, _lookup, targets) : null;

    private BoundsStep? Bounds(AvroField field, ByteSlice[][] targets) =>
        TryPairs(field, out var nullability, out var value) && value is AvroType.Bytes or AvroType.String ? new BoundsStep(nullability, _lookup, targets) : null;

    private static bool TryPairs(AvroField field, out Nullability nullability, out AvroType value)
    {
        value = default;
        if (!Nullability.TryUnwrap(field.Schema, out var inner, out nullability)
            || inner is not AvroArray { Items: AvroRecord { Fields: [{ Name: "key", Schema.Type: AvroType.Int or AvroType.Long }, { Name: "value" } second] } })
            return false;
        value = second.Schema.Type;
        return true;
    }
}
