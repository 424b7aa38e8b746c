using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Testing.Catalogs;

/// <summary>Creates a table of one column without rows, for tests of names.</summary>
public static class NewTable
{
    /// <summary>Creates it.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="name">Its name; the namespace is there.</param>
    public static async Task<TableHandle> CreateAsync(ICatalog catalog, TableIdentifier name)
    {
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
            await catalog.NewTableLocationAsync(name), new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        return (await catalog.CommitAsync([new TableCommit(name, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]))[0];
    }
}
