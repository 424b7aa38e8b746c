using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// The order of commits inside this process: those of one table take turns, first come first served, and those that wait together are written
/// together; tables do not wait for each other. Other processes are met at the log.
/// </summary>
internal sealed class TableQueues
{
    /// <summary>Most commits that wait at one table.</summary>
    public const int MaxWaiting = 1024;

    /// <summary>Most commits that are written together: each holds up those before it, and all fail when their one write does.</summary>
    public const int MaxGroup = 64;

    private readonly Lock _gate = new();

    // A table is here while somebody is at work on it; the list is who waits.
    private readonly Dictionary<TableKey, LinkedList<Queued>> _waiting = [];

    /// <summary>Commits when it is its turn.</summary>
    /// <exception cref="TarnException">Unavailable when too many wait; what the commit itself throws.</exception>
    public async ValueTask<TableHandle> CommitAsync(QueuedCommit commit)
    {
        commit.Cancellation.ThrowIfCancellationRequested();
        await using var registration = commit.Cancellation.UnsafeRegister(static (state, token) => ((Queued)state!).Cancel(token), commit).ConfigureAwait(false);
        Enqueue(commit.Key, commit);
        return await commit.Outcome.ConfigureAwait(false);
    }

    /// <summary>Takes the turns of several tables, one after another in one order for everybody, so that nobody waits in a ring.</summary>
    /// <returns>The turns, to be given back by disposing.</returns>
    /// <exception cref="TarnException">Unavailable when too many wait.</exception>
    public async ValueTask<IDisposable> TakeTurnsAsync(IEnumerable<TableKey> tables, CancellationToken cancellationToken)
    {
        var taken = new Turns();
        try
        {
            foreach (var table in tables.OrderBy(OrderOf, StringComparer.Ordinal))
                taken.Add(await TakeTurnAsync(table, cancellationToken).ConfigureAwait(false));
            return taken;
        }
        catch (Exception)
        {
            taken.Dispose();
            throw;
        }
    }

    // Names hold no control characters, so the text tells apart what a dot would not.
    private static string OrderOf(TableKey table) => string.Join('\0', [table.At.ToString(), .. table.Table.Namespace.Levels, table.Table.Name]);

    private async ValueTask<QueuedTurn> TakeTurnAsync(TableKey table, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new QueuedTurn();
        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((Queued)state!).Cancel(token), turn).ConfigureAwait(false);
        Enqueue(table, turn);
        await turn.Begun.ConfigureAwait(false);
        return turn;
    }

    private void Enqueue(TableKey table, Queued queued)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(table, out var waiting))
            {
                if (waiting.Count >= MaxWaiting)
                    throw new TarnException(ErrorKind.Unavailable, $"{waiting.Count} commits wait for table '{table.Table}', and {MaxWaiting} is the limit. Nothing was changed; try again later, or commit larger batches.");
                waiting.AddLast(queued);
                return;
            }

            _waiting[table] = new LinkedList<Queued>([queued]);
        }

        _ = Task.Run(() => WorkAsync(table), CancellationToken.None);
    }

    private async Task WorkAsync(TableKey table)
    {
        while (Next(table) is { } next)
        {
            if (next is [QueuedTurn turn])
                await turn.GiveAsync().ConfigureAwait(false);
            else
                await WriteAsync([.. next.Cast<QueuedCommit>()]).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(IReadOnlyList<QueuedCommit> group)
    {
        try
        {
            // Who is alone may still be cancelled; who is in company would take the others along.
            await group[0].Write(group, group.Count == 1 ? group[0].Cancellation : CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            foreach (var commit in group)
                commit.Fail(error);
        }
    }

    // A turn, or as many commits as may be written together; null when nobody waits any more, and then the table has left the queues.
    private List<Queued>? Next(TableKey table)
    {
        lock (_gate)
        {
            var waiting = _waiting[table];
            var next = new List<Queued>();
            while (next.Count < MaxGroup && waiting.First is { Value: var first } && (next.Count == 0 || AreTogether(next[0], first)))
            {
                waiting.RemoveFirst();
                if (first.TryTake())
                    next.Add(first);
            }

            if (next.Count > 0)
                return next;
            _waiting.Remove(table);
            return null;
        }
    }

    private static bool AreTogether(Queued one, Queued other) => one is QueuedCommit a && other is QueuedCommit b && a.Principal == b.Principal;

    private sealed class Turns : IDisposable
    {
        private readonly List<QueuedTurn> _turns = [];

        public void Add(QueuedTurn turn) => _turns.Add(turn);

        public void Dispose()
        {
            foreach (var turn in _turns)
                turn.Dispose();
        }
    }
}
