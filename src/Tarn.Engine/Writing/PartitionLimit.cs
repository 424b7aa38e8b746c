using Tarn.Engine.Execution;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Engine.Writing;

/// <summary>
/// A partition field that does not take every value of its column, because results would leave their type. Such values are refused: wrapped round, as the
/// reference implementation writes them, they are lost to readers that prune by the order of the results.
/// </summary>
internal sealed class PartitionLimit
{
    private readonly TransformRange range;

    private PartitionLimit(Schema schema, PartitionField field, IcebergType type, TransformRange range)
    {
        (Type, this.range) = (type, range);
        var path = new List<NestedField> { schema.FindField(field.SourceId)! };
        for (int parent = schema.ParentId(field.SourceId); parent != 0; parent = schema.ParentId(parent))
            path.Insert(0, schema.FindField(parent)!);
        (ColumnId, PathInColumn) = (path[0].Id, [.. path.Skip(1).Select(f => f.Name)]);
        Column = schema.FindName(field.SourceId)!;
        string taken = range.Highest is { } highest ? $"from {Text(range.Lowest!)} to {Text(highest)}" : $"from {Text(range.Lowest!)} on";
        Rule = $"has no partition: of field '{field.Name}', {PartitioningText.Of(schema, field)}, the result is of type {field.Transform.ResultType(type)} for values {taken}";
        string wider = type is { Id: TypeId.Int } or DecimalType { Precision: < DecimalType.MaxPrecision } ? "give the column a wider type, " : "";
        WayOut = $"{wider}or partition the table otherwise: {(field.Transform.Kind == TransformKind.Hour ? "by days" : "by another width")}, or without this field (partitioning = ARRAY[…])";
    }

    /// <summary>Name of the column or of the field of a struct.</summary>
    public string Column { get; }

    /// <summary>Its type.</summary>
    public IcebergType Type { get; }

    /// <summary>Id of the column, in which it may lie.</summary>
    public int ColumnId { get; }

    /// <summary>Names of the fields from the column inwards; empty for the column itself.</summary>
    public IReadOnlyList<string> PathInColumn { get; }

    /// <summary>What is wrong with a value that is not taken, to stand behind the value.</summary>
    public string Rule { get; }

    /// <summary>What can be done about the table.</summary>
    public string WayOut { get; }

    /// <summary>The limits of a partition spec.</summary>
    public static IReadOnlyList<PartitionLimit> Of(Schema schema, PartitionSpec spec) => [.. spec.Fields.Select(f => Of(schema, f)).OfType<PartitionLimit>()];

    /// <summary>The limit of a partition field; null when it takes every value.</summary>
    public static PartitionLimit? Of(Schema schema, PartitionField field) =>
        schema.FindField(field.SourceId)?.Type is { } type && TransformRange.Of(field.Transform, type) is { } range ? new(schema, field, type, range) : null;

    /// <summary>A condition that holds for values that are not taken; NULL for NULL.</summary>
    /// <param name="value">Expression of the value, in the column's type.</param>
    public string IsOutside(string value) => TransformSql.IsOutside(range, Type, value);

    private string Text(object value) => Transform.Identity.Bind(Type).ToHumanString(value);
}
