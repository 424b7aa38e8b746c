using System.Globalization;
using Tarn.Iceberg.Spec;

namespace Tarn.Commands;

/// <summary>What the metadata of a table says about it without opening a file. Totals are null where its writer recorded none.</summary>
internal sealed record TableFacts(long? Rows, long? SizeBytes, long? Files, long LastChangeMs)
{
    /// <summary>The facts of the current snapshot.</summary>
    public static TableFacts Of(TableMetadata metadata) => metadata.CurrentSnapshot is { } snapshot
        ? new TableFacts(Total(snapshot, "total-records"), Total(snapshot, "total-files-size"), Total(snapshot, "total-data-files"), metadata.LastUpdatedMs)
        : new TableFacts(0, 0, 0, metadata.LastUpdatedMs);

    /// <summary>A number of a snapshot summary (specification, "Snapshot Summary"), or null.</summary>
    public static long? Total(Snapshot snapshot, string key) =>
        long.TryParse(snapshot.Summary.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>The fields of a partition spec as SQL writes them: <c>month(order_date), bucket(customer_id, 16)</c>.</summary>
    public static IReadOnlyList<string> PartitionsOf(TableMetadata metadata) =>
        [.. metadata.DefaultSpec.Fields.Where(field => field.Transform.Kind != TransformKind.Void).Select(field => Transformed(metadata, field))];

    private static string Transformed(TableMetadata metadata, PartitionField field)
    {
        string source = metadata.CurrentSchema.FindName(field.SourceId) ?? $"field {field.SourceId.ToString(CultureInfo.InvariantCulture)}";
        string transform = field.Transform.Text;
        int bracket = transform.IndexOf('[', StringComparison.Ordinal);
        return transform == "identity" ? source
            : bracket < 0 ? $"{transform}({source})"
            : $"{transform[..bracket]}({source}, {transform[(bracket + 1)..^1]})";
    }

    /// <summary>The sort order as SQL writes it, empty when there is none.</summary>
    public static IReadOnlyList<string> SortOf(TableMetadata metadata) =>
        [.. metadata.DefaultSortOrder.Fields.Select(field => $"{metadata.CurrentSchema.FindName(field.SourceId)} {(field.Direction == SortDirection.Ascending ? "ASC" : "DESC")}")];
}
