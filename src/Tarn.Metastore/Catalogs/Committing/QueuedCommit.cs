using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>A table of one catalog.</summary>
internal readonly record struct TableKey(CatalogAddress At, TableIdentifier Table);

/// <summary>What stands in the queue of a table: waiting (can be cancelled), then taken.</summary>
internal abstract class Queued
{
    private int _isTaken;

    /// <summary>Claims it; false when it was cancelled before.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>Withdraws it unless it was taken.</summary>
    public void Cancel(CancellationToken token)
    {
        if (TryTake())
            Withdraw(token);
    }

    protected abstract void Withdraw(CancellationToken token);
}

/// <summary>A commit of one table that may be written together with its neighbours.</summary>
/// <param name="key">The table.</param>
/// <param name="commit">What to change.</param>
/// <param name="principal">Who commits; a record of the log has one, so only commits of one principal are written together.</param>
/// <param name="request">The request that it applies, when that may come again.</param>
/// <param name="write">Writes a group of such commits and completes each.</param>
/// <param name="cancellation">Withdraws the commit while it waits, and once it is written alone.</param>
internal sealed class QueuedCommit(
    TableKey key, TableCommit commit, string principal, IdempotentRequest? request, Func<IReadOnlyList<QueuedCommit>, CancellationToken, ValueTask> write, CancellationToken cancellation) : Queued
{
    private readonly TaskCompletionSource<TableHandle> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TableKey Key => key;

    public TableCommit Commit => commit;

    public string Principal => principal;

    public IdempotentRequest? Request => request;

    public CancellationToken Cancellation => cancellation;

    public Func<IReadOnlyList<QueuedCommit>, CancellationToken, ValueTask> Write => write;

    public Task<TableHandle> Outcome => _outcome.Task;

    public void Complete(TableHandle table) => _outcome.TrySetResult(table);

    public void Fail(Exception error)
    {
        if (error is OperationCanceledException canceled)
            _outcome.TrySetCanceled(canceled.CancellationToken);
        else
            _outcome.TrySetException(error);
    }

    protected override void Withdraw(CancellationToken token) => _outcome.TrySetCanceled(token);
}

/// <summary>A turn at a table for somebody who changes more than one.</summary>
internal sealed class QueuedTurn : Queued, IDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Begun => _begun.Task;

    /// <summary>Gives the turn and waits until it is given back.</summary>
    public Task GiveAsync()
    {
        _begun.TrySetResult();
        return _ended.Task;
    }

    /// <summary>Gives the turn back.</summary>
    public void Dispose() => _ended.TrySetResult();

    protected override void Withdraw(CancellationToken token) => _begun.TrySetCanceled(token);
}
