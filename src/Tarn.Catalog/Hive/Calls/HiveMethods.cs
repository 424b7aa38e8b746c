using System.Collections.Frozen;
using Tarn.Catalog.Hive.Locks;
using Tarn.Core.Tasks;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>All calls that are answered. Any other name gets UNKNOWN_METHOD, which clients know from versions that lack a call.</summary>
internal static class HiveMethods
{
    /// <summary>The calls by name.</summary>
    /// <param name="options">What the door says of its installation.</param>
    /// <param name="locks">The locks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads processes that change the same table.</param>
    public static FrozenDictionary<string, HiveMethod> All(HiveOptions options, LockTable locks, TimeProvider time, Random random)
    {
        var databases = new HiveDatabases(options);
        var changes = new ContendedChanges(time, random);
        IEnumerable<HiveMethod> all =
        [
            .. new ServiceCalls(options, time.GetUtcNow()).Methods,
            .. new DatabaseCalls(databases).Methods,
            .. ListingCalls.Methods,
            .. new TableCalls(new TableCreation(databases, time), changes, time).Methods,
            .. PartitionCalls.Methods,
            .. new PartitionChanges(changes, time).Methods,
            .. StatisticsCalls.Methods,
            .. new LockCalls(locks).Methods,
            .. SecurityCalls.Methods,
        ];
        return all.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
    }
}
