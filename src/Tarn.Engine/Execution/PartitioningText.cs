using System.Globalization;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Execution;

/// <summary>Partition and sort fields as <c>partitioning</c> and <c>sorted_by</c> write them.</summary>
internal static class PartitioningText
{
    /// <summary><c>month(order_date)</c>, <c>bucket(customer_id, 16)</c>, <c>region</c>.</summary>
    public static string Of(Schema schema, PartitionField field) => Of(schema, field.Transform, field.SourceId);

    /// <summary><c>a DESC NULLS LAST</c>.</summary>
    public static string Of(Schema schema, SortField field) =>
        $"{Of(schema, field.Transform, field.SourceId)} {(field.Direction == SortDirection.Ascending ? "ASC" : "DESC")} NULLS {(field.NullOrder == NullOrder.NullsFirst ? "FIRST" : "LAST")}";

    private static string Of(Schema schema, Transform transform, int sourceId)
    {
        string column = string.Join('.', (schema.FindName(sourceId) ?? $"field {sourceId}").Split('.').Select(SqlPrinter.Identifier));
        return transform.Kind switch
        {
            TransformKind.Identity => column,
            TransformKind.Bucket or TransformKind.Truncate => string.Create(CultureInfo.InvariantCulture, $"{transform.Kind.ToString().ToLowerInvariant()}({column}, {transform.Argument})"),
            _ => $"{transform.Text}({column})",
        };
    }
}
