using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Inspection;

/// <summary>The partition fields of all specs of a table as one struct: fields with one id are one field; values of other specs are null.</summary>
internal sealed class UnifiedPartition
{
    private readonly Dictionary<int, int[]> positionsBySpec;

    public UnifiedPartition(TableMetadata metadata)
    {
        // The newest spec names a field; where that made it void, an earlier one tells its transform.
        Fields = [.. metadata.PartitionSpecs.OrderByDescending(s => s.SpecId).SelectMany(s => s.Fields)
            .Where(f => metadata.CurrentSchema.FindField(f.SourceId) is not null)
            .GroupBy(f => f.FieldId)
            .Select(g => g.First() with { Transform = (g.FirstOrDefault(f => f.Transform.Kind != TransformKind.Void) ?? g.First()).Transform })
            .OrderBy(f => f.FieldId)];
        Columns = [.. Fields.Select(f => (f.Name, f.Transform.ResultType(metadata.FindColumn(f.SourceId)?.Type ?? SimpleType.Unknown)))];
        positionsBySpec = metadata.PartitionSpecs.ToDictionary(
            s => s.SpecId,
            s => Fields.Select(f => s.Fields.TakeWhile(own => own.FieldId != f.FieldId).Count()).ToArray());
    }

    public IReadOnlyList<PartitionField> Fields { get; }

    public IReadOnlyList<(string Name, IcebergType Type)> Columns { get; }

    /// <summary>Values of a file's partition in the order of <see cref="Fields"/>.</summary>
    public object?[] ValuesOf(DataFile file) =>
        [.. positionsBySpec[file.SpecId].Select(i => i < file.Partition.Length ? file.Partition[i] : null)];

    /// <summary>Equal for files of one unified partition.</summary>
    public PartitionKey KeyOf(DataFile file) => new(0, ValuesOf(file));
}
