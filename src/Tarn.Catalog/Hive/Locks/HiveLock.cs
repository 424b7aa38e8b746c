namespace Tarn.Catalog.Hive.Locks;

/// <summary>How much a lock excludes: <c>LockType</c>.</summary>
internal enum HiveLockType
{
    /// <summary>Excludes exclusive ones only.</summary>
    SharedRead = 1,

    /// <summary>Excludes other writers.</summary>
    SharedWrite = 2,

    /// <summary>Excludes everybody.</summary>
    Exclusive = 3,

    /// <summary>Excludes other writers, not readers.</summary>
    ExclusiveWrite = 4,
}

/// <summary>Whether a lock is held: <c>LockState</c>.</summary>
internal enum HiveLockState
{
    /// <summary>It is held.</summary>
    Acquired = 1,

    /// <summary>Others are before it.</summary>
    Waiting = 2,
}

/// <summary>What is locked: <c>LockComponent</c>.</summary>
/// <param name="Type">How much it excludes.</param>
/// <param name="Database">The database.</param>
/// <param name="Table">The table; null for the whole database.</param>
/// <param name="Partition">The partition; null for the whole table.</param>
internal sealed record HiveLockComponent(HiveLockType Type, string Database, string? Table, string? Partition)
{
    /// <summary>Whether both cannot be held at once.</summary>
    public bool IsInConflictWith(HiveLockComponent other) => Excludes(Type, other.Type)
        && Database == other.Database
        && (Table is null || other.Table is null || Table == other.Table)
        && (Partition is null || other.Partition is null || Partition == other.Partition);

    private static bool Excludes(HiveLockType a, HiveLockType b) =>
        a == HiveLockType.Exclusive || b == HiveLockType.Exclusive || (a != HiveLockType.SharedRead && b != HiveLockType.SharedRead);
}

/// <summary>Who asks for a lock.</summary>
/// <param name="User">As the client says.</param>
/// <param name="HostName">As the client says.</param>
/// <param name="Agent">What the client calls its work: <c>Iceberg-&lt;uuid&gt;</c>, the id of a query, or <c>Unknown</c>.</param>
/// <param name="Principal">Who the connection is; only they can do anything with the lock, over any of their connections.</param>
internal sealed record HiveLockOwner(string User, string HostName, string Agent, string Principal = "");

/// <summary>A lock.</summary>
/// <param name="Id">Its name for clients: a positive number that nobody can guess.</param>
/// <param name="Number">Its place in the order of asking; later locks have greater ones.</param>
/// <param name="Components">What is locked.</param>
/// <param name="Owner">For whom.</param>
internal sealed record HiveLock(long Id, long Number, IReadOnlyList<HiveLockComponent> Components, HiveLockOwner Owner)
{
    /// <summary>Whether it is held.</summary>
    public HiveLockState State { get; init; } = HiveLockState.Waiting;

    /// <summary>When its holder was heard of last.</summary>
    public DateTimeOffset Heard { get; init; }

    /// <summary>Since when it is held; null while it waits.</summary>
    public DateTimeOffset? Acquired { get; init; }

    /// <summary>Id of the lock that it waits for; 0 when it is held.</summary>
    public long BlockedBy { get; init; }
}
