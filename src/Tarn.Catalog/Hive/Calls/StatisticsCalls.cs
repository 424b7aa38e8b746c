using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>
/// Column statistics: none are kept. Those of Iceberg tables are in their metadata; engines do without for tables of other formats.
/// </summary>
internal static class StatisticsCalls
{
    /// <summary>The calls.</summary>
    public static IEnumerable<HiveMethod> Methods =>
    [
        new("get_table_statistics_req", call => CheckedAsync(call, new ThriftStruct().With(1, Array.Empty<ThriftStruct>())), NoSuchObject, Meta),
        new("get_partitions_statistics_req", call => CheckedAsync(call, new ThriftStruct().With(1, new ThriftMap(ThriftType.String, ThriftType.List, []))), NoSuchObject, Meta),
        new("get_aggr_stats_for", call => CheckedAsync(call, new ThriftStruct().With(1, Array.Empty<ThriftStruct>()).With(2, 0L)), NoSuchObject, Meta),
        new("update_table_column_statistics", UpdateAsync, NoSuchObject, InvalidObject, Meta, InvalidInput),
        new("update_partition_column_statistics", UpdateAsync, NoSuchObject, InvalidObject, Meta, InvalidInput),
        new("set_aggr_stats_for", static _ => new(true), NoSuchObject, InvalidObject, Meta, InvalidInput),
        new("delete_table_column_statistics", static _ => new(true), NoSuchObject, Meta, InvalidObject, InvalidInput),
        new("delete_partition_column_statistics", static _ => new(true), NoSuchObject, Meta, InvalidObject, InvalidInput),
    ];

    // Struct ColumnStatistics: 1 statsDesc {2 dbName, 3 tableName}.
    private static async ValueTask<ThriftValue?> UpdateAsync(HiveCall call)
    {
        var described = call.Request.Struct(1) ?? new ThriftStruct();
        await ForeignTables.RequireAsync(call.Catalog, HiveNames.Database(described.Text(2)), described.Text(3) ?? "", call.Cancellation).ConfigureAwait(false);
        return true;
    }

    // All three requests begin with 1 dbName, 2 tblName.
    private static async ValueTask<ThriftValue?> CheckedAsync(HiveCall call, ThriftStruct nothing)
    {
        await ForeignTables.RequireAsync(call.Catalog, HiveNames.Database(call.Request.Text(1)), call.Request.Text(2) ?? "", call.Cancellation).ConfigureAwait(false);
        return nothing;
    }
}
