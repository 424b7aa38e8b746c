using System.Globalization;
using Tarn.Composition;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Commands;

/// <summary>What is known of a table without opening its data files. Size and files are null where its writer recorded none.</summary>
/// <param name="Rows">Rows that stand; null where equality deletes apply to some.</param>
/// <param name="SizeBytes">Bytes of its data and delete files.</param>
/// <param name="Files">Data files.</param>
/// <param name="LastChangeMs">Milliseconds from 1970 UTC.</param>
internal sealed record TableFacts(long? Rows, long? SizeBytes, long? Files, long LastChangeMs)
{
    /// <summary>The facts of the current snapshot.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: a manifest or delete file is missing or damaged.</exception>
    public static async ValueTask<TableFacts> OfAsync(ILake lake, TableHandle table, CancellationToken cancellationToken) => table.Metadata.CurrentSnapshot is { } snapshot
        ? OfSummary(table.Metadata) with { Rows = await lake.CountRowsAsync(table, snapshot, cancellationToken) }
        : OfSummary(table.Metadata);

    /// <summary>The facts that the summary of the current snapshot tells; no rows where there is one.</summary>
    public static TableFacts OfSummary(TableMetadata metadata) => metadata.CurrentSnapshot is { } snapshot
        ? new TableFacts(null, snapshot.Count("total-files-size"), snapshot.Count("total-data-files"), metadata.LastUpdatedMs)
        : new TableFacts(0, 0, 0, metadata.LastUpdatedMs);

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
