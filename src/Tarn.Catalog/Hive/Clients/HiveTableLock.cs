using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Hive.Clients;

/// <summary>The metastore's exclusive lock of a table, held for a look and a change. One that is left behind expires there by itself.</summary>
internal sealed class HiveTableLock : IAsyncDisposable
{
    // LockType.EXCLUSIVE, LockLevel.TABLE, LockState: values of the metastore's definition.
    private const int Exclusive = 3, TableLevel = 2, Acquired = 1, Waiting = 2;

    // As long as clients of Iceberg wait (iceberg.hive.lock-timeout-ms).
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3), s_firstWait = TimeSpan.FromMilliseconds(50), s_longestWait = TimeSpan.FromSeconds(1);

    private readonly HiveSession _session;
    private readonly long _id;
    private bool _isReleased;

    private HiveTableLock(HiveSession session, long id) => (_session, _id) = (session, id);

    /// <summary>Takes the lock; waits for who has it.</summary>
    /// <exception cref="TarnException">Unavailable: others have it for too long.</exception>
    public static async ValueTask<HiveTableLock> TakeAsync(HiveSession session, TableIdentifier table, TimeProvider time, CancellationToken cancellationToken)
    {
        var component = new ThriftStruct().With(1, Exclusive).With(2, TableLevel).With(3, table.Namespace.Levels[0]).With(4, table.Name);
        var request = new ThriftStruct().With(1, new[] { component }).With(3, Environment.UserName).With(4, Environment.MachineName).With(5, $"tarn-{Guid.NewGuid()}");
        var answer = await session.AskAsync(HiveRequest.Lock, new ThriftStruct().With(1, request), cancellationToken).ConfigureAwait(false);
        var taken = new HiveTableLock(session, answer.Struct(0)?.Integer(1) ?? 0);
        try
        {
            await taken.WaitAsync(table, answer.Struct(0)?.Int(2) ?? 0, time, cancellationToken).ConfigureAwait(false);
            return taken;
        }
        catch
        {
            await taken.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        try
        {
            await _session.AskAsync(HiveRequest.Unlock, new ThriftStruct().With(1, new ThriftStruct().With(1, _id)), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TarnException or HiveFault)
        {
            return; // it expires; what was done under it stands
        }
    }

    private async ValueTask WaitAsync(TableIdentifier table, int state, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        for (var wait = s_firstWait; state == Waiting; wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait)
        {
            if (time.GetElapsedTime(start) > s_limit)
                break;
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            var answer = await _session.AskAsync(HiveRequest.CheckLock, new ThriftStruct().With(1, new ThriftStruct().With(1, _id)), cancellationToken).ConfigureAwait(false);
            state = answer.Struct(0)?.Int(2) ?? 0;
        }

        if (state != Acquired)
            throw new TarnException(ErrorKind.Unavailable, $"Table '{table}' is locked in the metastore by somebody else, and was not free in {s_limit.TotalMinutes:F0} minutes, which is the limit. Nothing was changed; try again later.");
    }
}
