using System.Collections.Immutable;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Catalog.Hive.Clients;

/// <content>Tables of other formats: seen, with their partitions, and forgotten when they are dropped; made and changed by their own engines.</content>
public sealed partial class HiveCatalog
{
    // Hive's "all".
    private const short AllPartitions = -1;

    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListForeignTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        @namespace.IsRoot ? new Page<TableIdentifier>([]) : await ListAsync(@namespace, HiveKind.Foreign, page, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<ForeignTableHandle?> LoadForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(table, HiveKind.Foreign, cancellationToken).ConfigureAwait(false) is not { } found)
            return null;
        var described = HiveTable.Read(found);
        var partitions = ImmutableSortedDictionary.CreateBuilder<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
        if (described.PartitionKeys.Count > 0)
        {
            var asked = new ThriftStruct().With(1, described.DatabaseName).With(2, described.TableName).With(3, ThriftValue.OfBits(ThriftType.I16, AllPartitions));
            var answer = await AskAsync(HiveRequest.GetPartitions, asked, cancellationToken).ConfigureAwait(false);
            foreach (var partition in answer.Structs(0).Select(HivePartition.Read))
                partitions[NameOf(described, partition)] = HiveProperties.Of(partition);
        }

        return new ForeignTableHandle(table, 0, new ForeignTable(HiveProperties.Of(described), partitions.ToImmutable()));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        await FindAsync(table, HiveKind.Foreign, cancellationToken).ConfigureAwait(false) is not null && await DropAsync(table, cancellationToken).ConfigureAwait(false);

    private string NameOf(HiveTable table, HivePartition partition)
    {
        try
        {
            return PartitionNames.Of(table.PartitionKeys, partition.Values);
        }
        catch (HiveFault fault)
        {
            throw TarnException.Corrupted($"The metastore at {_options.Address} has a partition of '{table.DatabaseName}.{table.TableName}' that does not fit it: {fault.Message}.", fault);
        }
    }
}
