using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// A change of a table that says what is wanted, not what to write: it is applied to the table's present metadata, and applied again
/// to fresher metadata when somebody else committed first.
/// </summary>
public abstract class PendingUpdate
{
    /// <summary>The updates that make the change on <paramref name="current"/>; may write manifests. Called once per attempt.</summary>
    /// <exception cref="Core.Errors.TarnException">InvalidRequest when the change is not legal; CommitConflictException when concurrent changes forbid it.</exception>
    internal abstract ValueTask<IReadOnlyList<TableUpdate>> ApplyAsync(TableMetadata current, TransactionContext context, CancellationToken cancellationToken);

    /// <summary>Called after the commit is certain. Removes files of earlier attempts that the commit does not use.</summary>
    internal virtual ValueTask CommittedAsync(TransactionContext context) => ValueTask.CompletedTask;

    /// <summary>Called after a failure that certainly applied nothing. Removes the files that the change wrote itself.</summary>
    internal virtual ValueTask AbandonedAsync(TransactionContext context) => ValueTask.CompletedTask;
}

/// <summary>A change of metadata only.</summary>
public abstract class MetadataUpdate : PendingUpdate
{
    /// <summary>The updates that make the change on <paramref name="current"/>; none when there is nothing to change.</summary>
    /// <exception cref="Core.Errors.TarnException">InvalidRequest when the change is not legal.</exception>
    public abstract IReadOnlyList<TableUpdate> Apply(TableMetadata current);

    internal sealed override ValueTask<IReadOnlyList<TableUpdate>> ApplyAsync(TableMetadata current, TransactionContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Apply(current));
}
