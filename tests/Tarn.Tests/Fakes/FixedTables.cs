using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Tests.Fakes;

/// <summary>Tables without files, for what reads metadata alone.</summary>
internal static class FixedTables
{
    public static TableHandle Table(string schema, string name, params IReadOnlyList<string> columns) => new(
        TableIdentifier.Of(schema, name),
        $"s3://lake/{schema}/{name}/metadata/v1.metadata.json",
        new TableMetadata
        {
            FormatVersion = 2,
            Location = $"s3://lake/{schema}/{name}",
            LastUpdatedMs = 1_700_000_000_000,
            LastColumnId = columns.Count,
            Schemas = [new Schema(0, [.. columns.Select((column, index) => new NestedField(index + 1, column, false, SimpleType.String))])],
            CurrentSchemaId = 0,
            PartitionSpecs = [PartitionSpec.Unpartitioned],
            DefaultSpecId = 0,
            LastPartitionId = 999,
            SortOrders = [SortOrder.Unsorted],
            DefaultSortOrderId = 0,
        });
}
