using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transforms;

/// <summary>The struct type of partition tuples ("Partitioning").</summary>
public static class PartitionTypes
{
    /// <summary>
    /// The tuple type of a spec: one optional field per partition field, with its id and name. A source column that no schema has any more
    /// gives type unknown for transforms that keep the source type.
    /// </summary>
    /// <param name="spec">The spec.</param>
    /// <param name="sourceField">Finds a source column by id, or null.</param>
    public static StructType PartitionType(this PartitionSpec spec, Func<int, NestedField?> sourceField) =>
        new([.. spec.Fields.Select(f => new NestedField(f.FieldId, f.Name, false, f.Transform.ResultType(sourceField(f.SourceId)?.Type ?? SimpleType.Unknown)))])
        {
            VoidFieldIds = [.. spec.Fields.Where(f => f.Transform.Kind == TransformKind.Void).Select(f => f.FieldId)],
        };

    /// <summary>The tuple type of a spec over one schema.</summary>
    public static StructType PartitionType(this PartitionSpec spec, Schema schema) => spec.PartitionType(schema.FindField);

    /// <summary>The tuple type of a spec of a table: columns that were dropped are found in earlier schemas.</summary>
    public static StructType PartitionType(this TableMetadata metadata, PartitionSpec spec) => spec.PartitionType(metadata.FindColumn);

    /// <summary>A column by id: in the current schema, else in the newest earlier one that has it; null when no schema does.</summary>
    public static NestedField? FindColumn(this TableMetadata metadata, int fieldId) =>
        metadata.CurrentSchema.FindField(fieldId)
        ?? metadata.Schemas.OrderByDescending(s => s.SchemaId).Select(s => s.FindField(fieldId)).FirstOrDefault(f => f is not null);
}
