using System.Collections.Immutable;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Iceberg.Catalogs;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Partitions of tables of other formats: reading. An Iceberg table has none here: they are in its metadata.</summary>
internal static class PartitionCalls
{
    /// <summary>The calls.</summary>
    public static IEnumerable<HiveMethod> Methods =>
    [
        new("get_partition", call => OneAsync(call, keys => PartitionNames.Of(keys, call.Arguments.Texts(3))), Meta, NoSuchObject),
        new("get_partition_with_auth", call => OneAsync(call, keys => PartitionNames.Of(keys, call.Arguments.Texts(3))), Meta, NoSuchObject),
        new("get_partition_by_name", call => OneAsync(call, _ => call.Arguments.Text(3) ?? ""), Meta, NoSuchObject),
        new("get_partitions", call => ManyAsync(call, [], limitId: 3), NoSuchObject, Meta),
        new("get_partitions_with_auth", call => ManyAsync(call, [], limitId: 3), NoSuchObject, Meta),
        new("get_partitions_ps", call => ManyAsync(call, call.Arguments.Texts(3), limitId: 4), Meta, NoSuchObject),
        new("get_partitions_ps_with_auth", call => ManyAsync(call, call.Arguments.Texts(3), limitId: 4), NoSuchObject, Meta),
        new("get_partition_names", call => NamesAsync(call, [], limitId: 3), NoSuchObject, Meta),
        new("get_partition_names_ps", call => NamesAsync(call, call.Arguments.Texts(3), limitId: 4), Meta, NoSuchObject),
        new("get_partitions_by_names", call => ByNamesAsync(call, call.Arguments), Meta, NoSuchObject),
        new("get_partitions_by_names_req", async call => new ThriftStruct().With(1, (await ByNamesAsync(call, call.Request).ConfigureAwait(false))!.Value), Meta, NoSuchObject),
        new("partition_name_to_vals", static call => new(ThriftList.Of(PartitionNames.Split(call.Arguments.Text(1) ?? "").Select(p => p.Value))), Meta),
        new("partition_name_to_spec", static call => new(ThriftMap.Of(PartitionNames.Split(call.Arguments.Text(1) ?? ""))), Meta),
    ];

    /// <summary>A partition as the catalog keeps it.</summary>
    public static HivePartition Read(IReadOnlyDictionary<string, string> stored, HiveTable table)
    {
        var partition = HiveProperties.ToPartition(stored, table.DatabaseName, table.TableName);
        // What is as in the table is not kept for every partition.
        return partition.Storage.Columns.Count > 0 ? partition : partition with { Storage = partition.Storage with { Columns = table.Storage.Columns } };
    }

    private static async ValueTask<ThriftValue?> OneAsync(HiveCall call, Func<IReadOnlyList<FieldSchema>, string> nameOf)
    {
        var (table, partitions) = await LoadAsync(call, call.Arguments).ConfigureAwait(false);
        string name = nameOf(table.PartitionKeys);
        return partitions.TryGetValue(name, out var found)
            ? Read(found, table).ToThrift()
            : throw new HiveFault(NoSuchObject, $"partition values=[{string.Join(", ", PartitionNames.Split(name).Select(p => p.Value))}]");
    }

    private static async ValueTask<ThriftValue?> ManyAsync(HiveCall call, IReadOnlyList<string> values, short limitId)
    {
        var (table, partitions) = await LoadAsync(call, call.Arguments).ConfigureAwait(false);
        return ThriftList.Of(Limited(partitions.Where(p => Fits(p.Key, values)), call.Arguments.Int(limitId, -1)).Select(p => Read(p.Value, table).ToThrift()));
    }

    private static async ValueTask<ThriftValue?> NamesAsync(HiveCall call, IReadOnlyList<string> values, short limitId)
    {
        var (_, partitions) = await LoadAsync(call, call.Arguments).ConfigureAwait(false);
        return ThriftList.Of(Limited(partitions.Keys.Where(n => Fits(n, values)), call.Arguments.Int(limitId, -1)));
    }

    private static async ValueTask<ThriftValue?> ByNamesAsync(HiveCall call, ThriftStruct arguments)
    {
        var (table, partitions) = await LoadAsync(call, arguments).ConfigureAwait(false);
        return ThriftList.Of(arguments.Texts(3).Where(partitions.ContainsKey).Select(n => Read(partitions[n], table).ToThrift()));
    }

    private static async ValueTask<(HiveTable Table, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Partitions)> LoadAsync(HiveCall call, ThriftStruct arguments)
    {
        var entry = await ForeignTables.RequireAsync(call.Catalog, HiveNames.Database(arguments.Text(1)), arguments.Text(2) ?? "", call.Cancellation).ConfigureAwait(false);
        return (entry.ToTable(), entry is HiveEntry.Foreign foreign ? foreign.Handle.Table.Partitions : ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty);
    }

    // Values may be fewer than keys, and an empty one fits everything.
    private static bool Fits(string name, IReadOnlyList<string> values) =>
        values.Count == 0 || PartitionNames.Split(name).Zip(values, (p, value) => value.Length == 0 || p.Value == value).All(fits => fits);

    private static IEnumerable<T> Limited<T>(IEnumerable<T> all, int limit) => limit < 0 ? all : all.Take(limit);
}
