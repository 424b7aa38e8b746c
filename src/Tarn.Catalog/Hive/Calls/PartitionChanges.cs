using System.Collections.Immutable;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Tasks;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;
using Partitions = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableSortedDictionary<string, string>>;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Partitions of tables of other formats: adding, changing and removing. Files are never deleted.</summary>
/// <param name="changes">Changes of tables.</param>
/// <param name="time">The clock.</param>
internal sealed class PartitionChanges(ContendedChanges changes, TimeProvider time)
{
    /// <summary>The calls.</summary>
    public IEnumerable<HiveMethod> Methods =>
    [
        new("add_partition", AddOneAsync, InvalidObject, AlreadyExists, Meta),
        new("add_partition_with_environment_context", AddOneAsync, InvalidObject, AlreadyExists, Meta),
        new("add_partitions", AddManyAsync, InvalidObject, AlreadyExists, Meta),
        new("add_partitions_req", AddRequestAsync, InvalidObject, AlreadyExists, Meta),
        new("alter_partition", call => AlterAsync(call, [call.Arguments.Struct(3) ?? new ThriftStruct()]), InvalidOperation, Meta),
        new("alter_partition_with_environment_context", call => AlterAsync(call, [call.Arguments.Struct(3) ?? new ThriftStruct()]), InvalidOperation, Meta),
        new("alter_partitions", call => AlterAsync(call, call.Arguments.Structs(3)), InvalidOperation, Meta),
        new("alter_partitions_with_environment_context", call => AlterAsync(call, call.Arguments.Structs(3)), InvalidOperation, Meta),
        new("drop_partition", call => DropAsync(call, keys => PartitionNames.Of(keys, call.Arguments.Texts(3))), NoSuchObject, Meta),
        new("drop_partition_with_environment_context", call => DropAsync(call, keys => PartitionNames.Of(keys, call.Arguments.Texts(3))), NoSuchObject, Meta),
        new("drop_partition_by_name", call => DropAsync(call, _ => call.Arguments.Text(3) ?? ""), NoSuchObject, Meta),
        new("drop_partition_by_name_with_environment_context", call => DropAsync(call, _ => call.Arguments.Text(3) ?? ""), NoSuchObject, Meta),
    ];

    private async ValueTask<ThriftValue?> AddOneAsync(HiveCall call)
    {
        var partition = HivePartition.Read(call.Request);
        await AddAsync(call, partition.DatabaseName, partition.TableName, [partition], skipsPresent: false).ConfigureAwait(false);
        return partition.ToThrift();
    }

    private async ValueTask<ThriftValue?> AddManyAsync(HiveCall call)
    {
        var added = call.Arguments.Structs(1).Select(HivePartition.Read).ToList();
        if (added.Count > 0)
            await AddAsync(call, added[0].DatabaseName, added[0].TableName, added, skipsPresent: false).ConfigureAwait(false);
        return added.Count;
    }

    private async ValueTask<ThriftValue?> AddRequestAsync(HiveCall call)
    {
        var request = call.Request;
        var added = request.Structs(3).Select(HivePartition.Read).ToList();
        await AddAsync(call, request.Text(1) ?? "", request.Text(2) ?? "", added, request.Bool(4)).ConfigureAwait(false);
        bool wantsResult = !request.Has(5) || request.Bool(5);
        return wantsResult ? new ThriftStruct().With(1, added.Select(p => p.ToThrift())) : new ThriftStruct();
    }

    private ValueTask AddAsync(HiveCall call, string database, string table, List<HivePartition> added, bool skipsPresent) =>
        ForeignTables.ChangePartitionsAsync(changes, call.Catalog, HiveNames.Database(database), table, (owner, present) =>
        {
            var next = present.ToBuilder();
            foreach (var partition in added)
            {
                string name = PartitionNames.Of(owner.PartitionKeys, partition.Values);
                if (!next.TryAdd(name, Stored(owner, name, partition)) && !skipsPresent)
                    throw new HiveFault(AlreadyExists, $"Partition already exists: {HiveNames.Catalog}.{owner.DatabaseName}.{owner.TableName} [{string.Join(", ", partition.Values)}]");
            }

            return next.ToImmutable();
        }, call.Cancellation);

    private async ValueTask<ThriftValue?> AlterAsync(HiveCall call, IEnumerable<ThriftStruct> changed)
    {
        var partitions = changed.Select(HivePartition.Read).ToList();
        await ChangeAsync(call, (owner, present) =>
        {
            var next = present.ToBuilder();
            foreach (var partition in partitions)
            {
                string name = PartitionNames.Of(owner.PartitionKeys, partition.Values);
                if (!next.ContainsKey(name))
                    throw new HiveFault(InvalidOperation, $"alter is not possible: partition {name} of {owner.DatabaseName}.{owner.TableName} does not exist");
                next[name] = Stored(owner, name, partition);
            }

            return next.ToImmutable();
        }).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<ThriftValue?> DropAsync(HiveCall call, Func<IReadOnlyList<FieldSchema>, string> nameOf)
    {
        await ChangeAsync(call, (owner, present) =>
        {
            string name = nameOf(owner.PartitionKeys);
            return present.ContainsKey(name) ? present.Remove(name) : throw new HiveFault(NoSuchObject, $"Partition or table doesn't exist. {name}");
        }).ConfigureAwait(false);
        return true;
    }

    private ValueTask ChangeAsync(HiveCall call, Func<HiveTable, Partitions, Partitions> change) =>
        ForeignTables.ChangePartitionsAsync(changes, call.Catalog, HiveNames.Database(call.Arguments.Text(1)), call.Arguments.Text(2) ?? "", change, call.Cancellation);

    // The location is below the table's unless the client says another; columns that are the table's are not kept again.
    private ImmutableSortedDictionary<string, string> Stored(HiveTable owner, string name, HivePartition partition)
    {
        string? location = partition.Storage.Location is { Length: > 0 } own ? own : owner.Storage.Location is { } above ? $"{above.TrimEnd('/')}/{name}" : null;
        var columns = partition.Storage.Columns.SequenceEqual(owner.Storage.Columns) ? [] : partition.Storage.Columns;
        return HiveProperties.Of(partition with
        {
            CreateTime = partition.CreateTime > 0 ? partition.CreateTime : (int)time.GetUtcNow().ToUnixTimeSeconds(),
            Storage = partition.Storage with { Location = location, Columns = columns },
        });
    }
}
