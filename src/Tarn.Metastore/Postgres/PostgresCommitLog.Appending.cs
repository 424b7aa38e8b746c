using Npgsql;
using Tarn.Core.Errors;
using Tarn.Metastore.Appending;

namespace Tarn.Metastore.Postgres;

/// <summary>Group commit, and finding out what became of a commit whose answer was lost.</summary>
public sealed partial class PostgresCommitLog
{
    /// <inheritdoc/>
    public ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default) => _queue.EnqueueAsync(request, cancellationToken);

    private async Task WriteNextBatchAsync()
    {
        var batch = new Batch();
        if (await TryUntilKnownAsync(batch).ConfigureAwait(false) is { } failure)
        {
            // Before anything was taken from the queue, what waits there now is what fails.
            if (batch.Commits.Count == 0)
                _queue.Take(batch.Commits);
            foreach (var pending in batch.Commits)
                pending.Fail(failure);
            return;
        }

        foreach (var pending in batch.Commits)
            pending.Complete();
        await WriteCheckpointWhenDueAsync().ConfigureAwait(false);
    }

    /// <summary>Tries until the fate of the batch is known or there is no patience left.</summary>
    /// <returns>Null when it stands; else what its callers are told.</returns>
    private async Task<Exception?> TryUntilKnownAsync(Batch batch)
    {
        Patience connecting = new(_time, _options.ConnectPatience), repairing = connecting;
        while (true)
        {
            bool wasInDoubt = batch.InDoubt is not null;
            try
            {
                await WriteBatchAsync(batch).ConfigureAwait(false);
                return null;
            }
            catch (Exception error) when (PostgresErrors.IsLost(error))
            {
                // Once something was sent, nobody is told anything before its fate is known, and that may take longer.
                if (batch.InDoubt is not null && !wasInDoubt)
                    repairing = new Patience(_time, _options.RepairPatience);
                if (!await (batch.InDoubt is null ? connecting : repairing).PauseAsync(CancellationToken.None).ConfigureAwait(false))
                    return batch.InDoubt is null ? PostgresErrors.Translate(error, "Cannot commit", _options) : Unknown(error);
            }
            catch (Exception error)
            {
                return batch.InDoubt is not null ? Unknown(error) : PostgresErrors.IsOfStore(error) ? PostgresErrors.Translate(error, "Cannot commit", _options) : error;
            }
        }
    }

    /// <summary>One try, under the turn.</summary>
    private async Task WriteBatchAsync(Batch batch)
    {
        await using var turn = await PostgresTurn.TakeAsync(await ConnectAsync(CancellationToken.None).ConfigureAwait(false), _options, Current).ConfigureAwait(false);
        Take(turn.Cursor);
        // The turn proves that the transaction of an earlier try has ended: its commits are there now or never will be.
        if (batch.InDoubt is { } sent && await turn.HoldsAsync(sent).ConfigureAwait(false))
            return;
        batch.InDoubt = null;
        if (batch.Commits.Count == 0)
            _queue.Take(batch.Commits);
        var decided = DecidedBatch.Decide(batch.Commits.Where(p => !p.IsOver), turn.Cursor.State, _time);
        if (decided.Commits.Count == 0)
            return;
        Guid[] ids = [.. decided.Commits.Select(c => Guid.CreateVersion7(c.Time))];
        batch.InDoubt = ids[0];
        try
        {
            await turn.CommitAsync(decided, ids).ConfigureAwait(false);
        }
        catch (PostgresException error) when (!PostgresErrors.IsLost(error))
        {
            batch.InDoubt = null;
            throw;
        }

        batch.InDoubt = null;
        Take(turn.Cursor);
    }

    private CommitStateUnknownException Unknown(Exception cause) => new(
        $"The connection to PostgreSQL at {_options.Display} was lost while a commit was on its way, and within {_options.RepairPatience.TotalSeconds:0} s nothing could be learned about it: it may or may not stand. "
        + $"{PostgresErrors.TextOf(cause)} Look at the table again before repeating the change; delete none of its files.",
        cause);

    /// <summary>Commits that are written together.</summary>
    private sealed class Batch
    {
        public List<PendingCommit> Commits { get; } = [];

        /// <summary>Id of the first commit that a try sent without learning whether it stands: all of a batch stand or none.</summary>
        public Guid? InDoubt { get; set; }
    }
}
