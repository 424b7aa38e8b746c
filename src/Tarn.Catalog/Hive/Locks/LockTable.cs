using Tarn.Core.Errors;

namespace Tarn.Catalog.Hive.Locks;

/// <summary>
/// Locks in memory. They keep polite clients from working in vain; what keeps tables right is compare-and-swap, so that a lock that is lost with the
/// process does no harm. Who came first is served first. A lock whose holder is not heard of for the time-out is gone.
/// </summary>
/// <param name="timeout">The time-out.</param>
/// <param name="time">The clock.</param>
internal sealed class LockTable(TimeSpan timeout, TimeProvider time)
{
    /// <summary>Most locks at once, waiting ones included.</summary>
    public const int MaxLocks = 2_000;

    // Clients that have no name for their work all say this, so it tells nothing.
    private const string UnknownAgent = "Unknown";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, HiveLock> _locks = [];
    private long _lastId;

    /// <summary>
    /// Asks for a lock. A client that asks again for what it has asked for, because it did not see the answer, gets the lock that it has: it would
    /// wait for itself otherwise.
    /// </summary>
    /// <exception cref="TarnException">ResourceExhausted beyond <see cref="MaxLocks"/>.</exception>
    public HiveLock Acquire(IReadOnlyList<HiveLockComponent> components, HiveLockOwner owner)
    {
        lock (_gate)
        {
            RemoveExpired();
            if (FindSame(components, owner) is { } same)
                return Refresh(same);
            if (_locks.Count >= MaxLocks)
                throw new TarnException(ErrorKind.ResourceExhausted, $"There are {_locks.Count} locks, which is the limit. Wait for others to end, or let clients commit without locks (engine.hive.lock-enabled=false).");
            var asked = new HiveLock(++_lastId, components, owner);
            _locks.Add(asked.Id, asked);
            return Refresh(asked);
        }
    }

    /// <summary>Looks again whether a lock is held now. That is a sign of its holder too. Null when there is no such lock (any more).</summary>
    public HiveLock? Check(long id)
    {
        lock (_gate)
        {
            RemoveExpired();
            return _locks.TryGetValue(id, out var found) ? Refresh(found) : null;
        }
    }

    /// <summary>Lets go of a lock. Nothing happens when there is none.</summary>
    public void Release(long id)
    {
        lock (_gate)
            _locks.Remove(id);
    }

    /// <summary>Locks of a database or table, in order of their numbers; null for all.</summary>
    public IReadOnlyList<HiveLock> List(string? database, string? table)
    {
        lock (_gate)
        {
            RemoveExpired();
            return [.. _locks.Values.Where(l => l.Components.Any(c => (database is null || c.Database == database) && (table is null || c.Table == table)))];
        }
    }

    private HiveLock Refresh(HiveLock known)
    {
        var now = time.GetUtcNow();
        long blockedBy = known.State == HiveLockState.Acquired ? 0 : FindBlocker(known);
        var refreshed = known with
        {
            Heard = now,
            BlockedBy = blockedBy,
            State = blockedBy == 0 ? HiveLockState.Acquired : HiveLockState.Waiting,
            Acquired = known.Acquired ?? (blockedBy == 0 ? now : null),
        };
        return _locks[known.Id] = refreshed;
    }

    // Older ones that wait count too, so that nobody is overtaken for ever.
    private long FindBlocker(HiveLock waiting)
    {
        foreach (var (id, other) in _locks)
        {
            if (id >= waiting.Id)
                break;
            if (waiting.Components.Any(c => other.Components.Any(c.IsInConflictWith)))
                return id;
        }

        return 0;
    }

    private HiveLock? FindSame(IReadOnlyList<HiveLockComponent> components, HiveLockOwner owner) =>
        owner.Agent is "" or UnknownAgent ? null : _locks.Values.FirstOrDefault(l => l.Owner == owner && l.Components.SequenceEqual(components));

    private void RemoveExpired()
    {
        var end = time.GetUtcNow() - timeout;
        foreach (long id in _locks.Values.Where(l => l.Heard < end).Select(l => l.Id).ToList())
            _locks.Remove(id);
    }
}
