using System.Buffers.Binary;
using Tarn.Access.Identities;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Hive.Locks;

/// <summary>
/// Locks in memory. They keep polite clients from working in vain; what keeps tables right is compare-and-swap, so that a lock that is lost with the
/// process does no harm. Who came first is served first. A lock whose holder is not heard of for the time-out is gone.
/// </summary>
/// <param name="timeout">The time-out.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Draws ids.</param>
internal sealed class LockTable(TimeSpan timeout, TimeProvider time, IRandomSource random)
{
    /// <summary>Most locks at once, waiting ones included.</summary>
    public const int MaxLocks = 2_000;

    // Clients that have no name for their work all say this, so it tells nothing.
    private const string UnknownAgent = "Unknown";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, HiveLock> _locks = [];
    private readonly Dictionary<long, long> _numbers = [];
    private long _lastNumber;

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
            var asked = new HiveLock(DrawId(), ++_lastNumber, components, owner);
            _locks.Add(asked.Number, asked);
            _numbers.Add(asked.Id, asked.Number);
            return Refresh(asked);
        }
    }

    /// <summary>Looks again whether a lock is held now. That is a sign of its holder too. Null when the principal has no such lock (any more).</summary>
    public HiveLock? Check(long id, string principal)
    {
        lock (_gate)
        {
            RemoveExpired();
            return Find(id, principal) is { } found ? Refresh(found) : null;
        }
    }

    /// <summary>Lets go of a lock. Nothing happens when the principal has none.</summary>
    public void Release(long id, string principal)
    {
        lock (_gate)
        {
            if (Find(id, principal) is { } found)
                Remove(found);
        }
    }

    /// <summary>Locks of a database or table, in the order of asking; null for all.</summary>
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
        return _locks[known.Number] = refreshed;
    }

    // Older ones that wait count too, so that nobody is overtaken for ever.
    private long FindBlocker(HiveLock waiting)
    {
        foreach (var (number, other) in _locks)
        {
            if (number >= waiting.Number)
                break;
            if (waiting.Components.Any(c => other.Components.Any(c.IsInConflictWith)))
                return other.Id;
        }

        return 0;
    }

    private HiveLock? FindSame(IReadOnlyList<HiveLockComponent> components, HiveLockOwner owner) =>
        owner.Agent is "" or UnknownAgent ? null : _locks.Values.FirstOrDefault(l => l.Owner == owner && l.Components.SequenceEqual(components));

    private void RemoveExpired()
    {
        var end = time.GetUtcNow() - timeout;
        foreach (var gone in _locks.Values.Where(l => l.Heard < end).ToList())
            Remove(gone);
    }

    private void Remove(HiveLock gone)
    {
        _locks.Remove(gone.Number);
        _numbers.Remove(gone.Id);
    }

    private HiveLock? Find(long id, string principal) => _numbers.TryGetValue(id, out long number) && _locks[number] is { } found && found.Owner.Principal == principal ? found : null;

    // 63 random bits; 0 is the id of no lock.
    private long DrawId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        while (true)
        {
            random.Fill(bytes);
            long id = BinaryPrimitives.ReadInt64BigEndian(bytes) & long.MaxValue;
            if (id != 0 && !_numbers.ContainsKey(id))
                return id;
        }
    }
}
