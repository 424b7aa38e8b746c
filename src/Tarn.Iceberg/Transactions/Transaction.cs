using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions.Snapshots;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// Changes of one table that are committed together, or with other transactions' by <see cref="CommitAllAsync"/>.
/// A conflict re-applies the changes to fresh metadata; an unknown outcome deletes nothing.
/// </summary>
public sealed class Transaction
{
    private readonly TransactionContext context;
    private readonly TableMetadata? created;
    private readonly List<PendingUpdate> pending = [];
    private TableHandle? table;
    private LayoutPromise? promise;
    private bool finished;

    /// <summary>Starts on an existing table.</summary>
    public Transaction(TransactionContext context, TableHandle table) => (this.context, this.table, Identifier) = (context, table, table.Identifier);

    private Transaction(TransactionContext context, TableIdentifier identifier, TableMetadata metadata) => (this.context, Identifier, created) = (context, identifier, metadata);

    /// <summary>The table.</summary>
    public TableIdentifier Identifier { get; }

    /// <summary>Metadata that the changes so far were given for; of a new table what it will have.</summary>
    public TableMetadata Metadata => table?.Metadata ?? created!;

    /// <summary>Starts a transaction that creates its table; data can be added in the same commit.</summary>
    /// <param name="context">Catalog and store.</param>
    /// <param name="identifier">Name of the new table.</param>
    /// <param name="metadata">From <see cref="TableMetadata.New"/>; its location from <see cref="ICatalog.NewTableLocationAsync"/> unless somebody names one.</param>
    public static Transaction Create(TransactionContext context, TableIdentifier identifier, TableMetadata metadata) => new(context, identifier, metadata);

    /// <summary>Adds a change; changes are applied in the order in which they are added.</summary>
    public T Add<T>(T update)
        where T : PendingUpdate
    {
        pending.Add(update);
        return update;
    }

    /// <summary>Commits all changes.</summary>
    /// <returns>The table after the commit; as it was when there was nothing to change.</returns>
    /// <exception cref="TarnException">A change is not legal, or the catalog failed; nothing was applied.</exception>
    /// <exception cref="CommitConflictException">Somebody else kept committing, or did something that forbids the change; nothing was applied.</exception>
    /// <exception cref="CommitStateUnknownException">It is unknown whether the commit was applied; no file was deleted.</exception>
    public async ValueTask<TableHandle> CommitAsync(CancellationToken cancellationToken = default) => (await CommitAllAsync([this], cancellationToken))[0];

    /// <summary>Commits several transactions on different tables of one catalog: all or none.</summary>
    /// <returns>The tables after the commit, in the order of the transactions.</returns>
    /// <exception cref="TarnException">As for <see cref="CommitAsync"/>.</exception>
    public static async ValueTask<IReadOnlyList<TableHandle>> CommitAllAsync(IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken = default)
    {
        if (transactions.Count == 0)
            return [];
        foreach (var transaction in transactions)
        {
            ObjectDisposedException.ThrowIf(transaction.finished, transaction);
            transaction.finished = true;
        }

        var context = transactions[0].context;
        var retry = CommitRetry.Of(transactions[0].Metadata);
        long start = context.Time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(transactions, context, cancellationToken);
            }
            catch (CommitConflictException) when (attempt <= retry.Retries && context.Time.GetElapsedTime(start) < retry.TotalTimeout)
            {
                await RefreshAsync(transactions, retry.Wait(attempt, context.Random), context, cancellationToken);
            }
            catch (CommitConflictException)
            {
                await AbandonAsync(transactions, context);
                throw;
            }
        }
    }

    // 1. Prepare every table: nothing is visible yet, so any failure may clean up. 2. Commit: from here on only a certain refusal may.
    private static async ValueTask<IReadOnlyList<TableHandle>> AttemptAsync(IReadOnlyList<Transaction> transactions, TransactionContext context, CancellationToken cancellationToken)
    {
        List<TableCommit> commits = [];
        try
        {
            foreach (var transaction in transactions)
            {
                if (await transaction.PrepareAsync(cancellationToken) is { } commit)
                    commits.Add(commit);
            }
        }
        catch (Exception e) when (e is not CommitConflictException)
        {
            await AbandonAsync(transactions, context);
            throw;
        }

        if (commits.Count == 0)
            return [.. transactions.Select(t => t.table!)];
        IReadOnlyList<TableHandle> handles;
        try
        {
            handles = await context.Catalog.CommitAsync(commits, cancellationToken);
        }
        catch (CommitStateUnknownException)
        {
            if (await AppliedAsync(transactions, context, cancellationToken) is not { } applied)
                throw;
            handles = applied;
        }
        catch (TarnException e) when (e is not CommitConflictException && IsCertain(e))
        {
            await AbandonAsync(transactions, context);
            throw;
        }

        // The commit is done: tidying up must not be told as its failure, nor be cut short.
        foreach (var update in transactions.SelectMany(t => t.pending))
            await update.CommittedAsync(context);
        context.OnCommitted?.Invoke([.. transactions.Select(t => new CommitOutcome(t.Identifier, t.created is not null, t.pending.OfType<SnapshotUpdate>().LastOrDefault()?.SnapshotId))]);
        return [.. transactions.Select(t => handles.FirstOrDefault(h => h.Identifier == t.Identifier) ?? t.table!)];
    }

    // A lost reply is no lost commit: when the tables hold the snapshots that were made, it was applied. Anything else stays unknown.
    private static async ValueTask<IReadOnlyList<TableHandle>?> AppliedAsync(IReadOnlyList<Transaction> transactions, TransactionContext context, CancellationToken cancellationToken)
    {
        List<TableHandle> handles = [];
        foreach (var transaction in transactions)
        {
            long[] ids = [.. transaction.pending.OfType<SnapshotUpdate>().Select(u => u.SnapshotId).OfType<long>()];
            var present = ids.Length == 0 ? null : await TryLoadAsync(transaction.Identifier, context, cancellationToken);
            if (present is null || ids.Any(id => present.Metadata.FindSnapshot(id) is null))
                return null;
            handles.Add(present);
        }

        return handles;
    }

    private static async ValueTask<TableHandle?> TryLoadAsync(TableIdentifier identifier, TransactionContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await context.Catalog.LoadTableAsync(identifier, cancellationToken);
        }
        catch (Exception e) when (e is TarnException or OperationCanceledException)
        {
            // The caller reports that the outcome is unknown, which this failure only confirms; whoever cancels must not be told that nothing was changed.
            return null;
        }
    }

    private async ValueTask<TableCommit?> PrepareAsync(CancellationToken cancellationToken)
    {
        List<TableUpdate> updates = created is null ? [] : [.. TableMetadataBuilder.CreationUpdates(created)];
        var current = Metadata;
        foreach (var update in pending)
        {
            var step = await update.ApplyAsync(current, context, cancellationToken);
            current = TableMetadataBuilder.Apply(current, step, context.Time.GetUtcNow());
            updates.AddRange(step);
        }

        if (created is not null)
            return new TableCommit(Identifier, [new TableRequirement.AssertCreate()], updates);
        if (pending.Exists(p => p is SnapshotUpdate))
        {
            promise ??= new LayoutPromise(table!.Metadata, current, pending.OfType<ReplaceTable>().Any());
            promise.Check(current, Identifier);
        }

        return updates.Count == 0
            ? null
            : new TableCommit(Identifier, CommitRequirements.Of(table!.Metadata, updates, pending.OfType<ReplaceTable>().Any()), updates);
    }

    private static async ValueTask RefreshAsync(IReadOnlyList<Transaction> transactions, TimeSpan wait, TransactionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, context.Time, cancellationToken);
            foreach (var transaction in transactions)
            {
                var present = await context.Catalog.LoadTableAsync(transaction.Identifier, cancellationToken);
                if (transaction.created is not null)
                {
                    if (present is not null)
                        throw TarnException.AlreadyExists($"Table '{transaction.Identifier}' already exists: somebody created it at the same time. Nothing was applied.");
                    continue;
                }

                var fresh = present
                    ?? throw TarnException.NotFound($"Table '{transaction.Identifier}' was dropped while a change of it was being committed. Nothing was applied.");
                if (fresh.Metadata.TableUuid != transaction.table!.Metadata.TableUuid)
                    throw new TarnException(ErrorKind.Conflict, $"Table '{transaction.Identifier}' was replaced by another table while a change of it was being committed. Nothing was applied.");
                transaction.table = fresh;
            }
        }
        catch (Exception)
        {
            await AbandonAsync(transactions, context);
            throw;
        }
    }

    private static async ValueTask AbandonAsync(IReadOnlyList<Transaction> transactions, TransactionContext context)
    {
        foreach (var update in transactions.SelectMany(t => t.pending))
            await update.AbandonedAsync(context);
    }

    // An internal error may have struck after the commit was applied; all other kinds say that nothing was.
    private static bool IsCertain(TarnException e) => e is not CommitStateUnknownException && e.Kind is not ErrorKind.Internal;
}
