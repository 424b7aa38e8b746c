using System.Collections.Frozen;
using Tarn.Catalog.Hive.Locks;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>All calls that are answered. Any other name gets UNKNOWN_METHOD, which clients know from versions that lack a call.</summary>
internal static class HiveMethods
{
    /// <summary>The calls by name.</summary>
    /// <param name="options">What the door says of its installation.</param>
    /// <param name="locks">The locks.</param>
    /// <param name="time">The clock.</param>
    public static FrozenDictionary<string, HiveMethod> All(HiveOptions options, LockTable locks, TimeProvider time)
    {
        var databases = new HiveDatabases(options);
        IEnumerable<HiveMethod> all =
        [
            .. new ServiceCalls(options, time.GetUtcNow()).Methods,
            .. new DatabaseCalls(databases).Methods,
            .. ListingCalls.Methods,
            .. new TableCalls(new TableCreation(databases, time), time).Methods,
            .. PartitionCalls.Methods,
            .. new PartitionChanges(time).Methods,
            .. StatisticsCalls.Methods,
            .. new LockCalls(locks).Methods,
            .. SecurityCalls.Methods,
        ];
        return all.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
    }
}
