using Tarn.Catalog.Hive.Locks;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Locks. A lock needs no table: clients take it before they create one. Who may see a table may lock it, and nobody else can touch that lock.</summary>
/// <param name="locks">The locks.</param>
internal sealed class LockCalls(LockTable locks)
{
    /// <summary>Most parts of one lock.</summary>
    private const int MaxComponents = 1_000;

    /// <summary>The calls.</summary>
    public IEnumerable<HiveMethod> Methods =>
    [
        new("lock", LockAsync, NoSuchTransaction, TransactionAborted),
        new("check_lock", CheckAsync, NoSuchTransaction, TransactionAborted, NoSuchLock),
        new("unlock", UnlockAsync, NoSuchLock, TransactionOpen),
        new("heartbeat", HeartbeatAsync, NoSuchLock, NoSuchTransaction, TransactionAborted),
        new("show_locks", ShowAsync),
    ];

    private async ValueTask<ThriftValue?> LockAsync(HiveCall call)
    {
        var request = call.Request;
        List<HiveLockComponent> components = [.. request.Structs(1).Select(Read)];
        if (components.Count is 0 or > MaxComponents)
            throw TarnException.Invalid("Internal error processing lock");
        foreach (var component in components)
            await RequireRightAsync(call.Catalog, component, call.Cancellation).ConfigureAwait(false);
        var owner = new HiveLockOwner(request.Text(3) ?? "", request.Text(4) ?? "", request.Text(5) ?? "", call.Principal);
        var acquired = locks.Acquire(components, owner);
        // A lock that nobody knows of would keep the table until it expires.
        call.Undo = () => locks.Release(acquired.Id, call.Principal);
        return Response(acquired);
    }

    private ValueTask<ThriftValue?> CheckAsync(HiveCall call)
    {
        long id = call.Request.Integer(1);
        var found = locks.Check(id, call.Principal) ?? throw new HiveFault(NoSuchLock, $"No such lock lockid:{id}");
        return new(Response(found));
    }

    private ValueTask<ThriftValue?> UnlockAsync(HiveCall call)
    {
        locks.Release(call.Request.Integer(1), call.Principal);
        return default;
    }

    private ValueTask<ThriftValue?> HeartbeatAsync(HiveCall call)
    {
        long id = call.Request.Integer(1);
        // Clients without a lock send 0 with a transaction, which there are none of.
        if (id != 0 && locks.Check(id, call.Principal) is null)
            throw new HiveFault(NoSuchLock, $"No such lock: lockid:{id}");
        return default;
    }

    private async ValueTask<ThriftValue?> ShowAsync(HiveCall call)
    {
        string database = HiveNames.Database(call.Request.Text(1)).ToLowerInvariant();
        List<ThriftStruct> shown = [];
        foreach (var known in locks.List(database is "" ? null : database, call.Request.Text(2)?.ToLowerInvariant()))
        {
            for (int i = 0; i < known.Components.Count; i++)
            {
                if (await IsVisibleAsync(call, known.Components[i]).ConfigureAwait(false))
                    shown.Add(Element(known, known.Components[i], i + 1));
            }
        }

        return new ThriftStruct().With(1, shown);
    }

    // Whoever may not see a table does not learn from its locks that there is one.
    private static async ValueTask<bool> IsVisibleAsync(HiveCall call, HiveLockComponent component)
    {
        try
        {
            await RequireRightAsync(call.Catalog, component, call.Cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TarnException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return false;
        }
    }

    private static HiveLockComponent Read(ThriftStruct from) => new(
        (HiveLockType)from.Int(1, (int)HiveLockType.Exclusive) is var type && Enum.IsDefined(type) ? type : HiveLockType.Exclusive,
        HiveNames.Database(from.Text(3)).ToLowerInvariant(),
        from.Text(4)?.ToLowerInvariant(),
        from.Text(5));

    // The catalog decides about reading; that there is no such table (yet) is no reason to refuse.
    private static async ValueTask RequireRightAsync(ICatalog catalog, HiveLockComponent component, CancellationToken cancellationToken)
    {
        if (component.Database.Length == 0)
            throw TarnException.Invalid("Internal error processing lock");
        if (component.Table is { Length: > 0 } table)
            await catalog.LoadForeignTableAsync(TableIdentifier.Of(component.Database, table), cancellationToken).ConfigureAwait(false);
        else
            await catalog.LoadNamespaceAsync(Namespace.Of(component.Database), cancellationToken).ConfigureAwait(false);
    }

    private static ThriftStruct Response(HiveLock known) => new ThriftStruct().With(1, known.Id).With(2, (int)known.State);

    // Struct ShowLocksResponseElement; 7 is the transaction, 16 the number of the part.
    private static ThriftStruct Element(HiveLock known, HiveLockComponent component, int number)
    {
        var element = new ThriftStruct()
            .With(1, known.Id)
            .With(2, component.Database)
            .With(3, component.Table)
            .With(4, component.Partition)
            .With(5, (int)known.State)
            .With(6, (int)component.Type)
            .With(7, 0L)
            .With(8, known.Heard.ToUnixTimeMilliseconds());
        if (known.Acquired is { } since)
            element.With(9, since.ToUnixTimeMilliseconds());
        element.With(10, known.Owner.User).With(11, known.Owner.HostName).With(13, known.Owner.Agent);
        if (known.BlockedBy > 0)
            element.With(14, known.BlockedBy).With(15, 1L);
        return element.With(16, (long)number);
    }
}
