using Tarn.Core.Errors;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;

namespace Tarn.Engine.Execution;

/// <summary>Partitioning and sort order from what a statement says.</summary>
internal static class TableLayout
{
    /// <summary>The transform of a partition or sort term.</summary>
    public static Transform TransformOf(PartitionTransformText term) => term.Transform.ToLowerInvariant() switch
    {
        "identity" => Transform.Identity,
        "year" or "years" => Transform.Year,
        "month" or "months" => Transform.Month,
        "day" or "days" or "date" => Transform.Day,
        "hour" or "hours" or "date_hour" => Transform.Hour,
        "void" => Transform.Void,
        "bucket" when term.Argument is { } n => Transform.Bucket(n),
        "truncate" when term.Argument is { } w => Transform.Truncate(w),
        _ => throw TarnException.Invalid($"Unknown partition transform '{term.Source.Text}'. Use a column, year(c), month(c), day(c), hour(c), bucket(c, n) or truncate(c, n)."),
    };

    /// <summary>The column of a term.</summary>
    /// <exception cref="TarnException">InvalidRequest when there is none of that name, or its type does not go with the transform.</exception>
    public static NestedField ColumnOf(Schema schema, PartitionTransformText term)
    {
        var column = schema.ResolveField(term.Column.Dotted)
            ?? throw TarnException.Invalid($"There is no column '{term.Column.Dotted}' to partition or sort by. Columns are: {string.Join(", ", schema.Fields.Select(f => f.Name))}.");
        var transform = TransformOf(term);
        return transform.CanTransform(column.Type) ? column : throw TarnException.Invalid($"Transform {transform} does not go with column '{term.Column.Dotted}' of type {SqlTypeText.Of(column.Type)}.");
    }

    /// <summary>Dotted path of the column of a term.</summary>
    public static string PathOf(Schema schema, PartitionTransformText term) => schema.FindName(ColumnOf(schema, term).Id)!;

    /// <summary>The partition spec of a new table.</summary>
    public static PartitionSpec Spec(Schema schema, IReadOnlyList<PartitionTransformText>? terms) => new(0,
    [
        .. (terms ?? []).Select((term, i) =>
        {
            var transform = TransformOf(term);
            return new PartitionField(ColumnOf(schema, term).Id, PartitionSpec.FirstFieldId + i, term.Name ?? UpdatePartitionSpec.DefaultName(PathOf(schema, term), transform), transform);
        }),
    ]);

    /// <summary>The sort order of a new table.</summary>
    public static SortOrder Order(Schema schema, IReadOnlyList<SortFieldText>? terms) => terms is null or [] ? SortOrder.Unsorted : new(1,
        [.. terms.Select(t => new SortField([ColumnOf(schema, t.Term).Id], TransformOf(t.Term), DirectionOf(t), NullsOf(t)))]);

    /// <summary>Direction of a sort term.</summary>
    public static SortDirection DirectionOf(SortFieldText term) => term.Descending ? SortDirection.Descending : SortDirection.Ascending;

    /// <summary>Null order of a sort term.</summary>
    public static NullOrder NullsOf(SortFieldText term) => term.NullsFirst ? NullOrder.NullsFirst : NullOrder.NullsLast;
}
