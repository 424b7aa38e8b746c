using Npgsql;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Postgres;

namespace Tarn.Metastore.Moving;

/// <summary>
/// Moves the whole catalog, with its history and the numbers of its commits, between a data folder and PostgreSQL. The target refuses everybody, by a
/// <see cref="MoveMark"/>, from before its first commit until it has all of them and the source sends everybody there; the source works until then, and nobody
/// commits to it while the move runs. Interrupted in whatever moment, the same command again finishes the move or says that it is done.
/// </summary>
/// <param name="metastoreFolder">The metastore folder of the data folder.</param>
/// <param name="postgres">The PostgreSQL.</param>
/// <param name="files">The disk; null for the operating system's.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <param name="onProgress">Told how many commits of how many are written.</param>
public sealed partial class LogMove(string metastoreFolder, PostgresOptions postgres, IFileSystem? files = null, TimeProvider? time = null, Action<long, long>? onProgress = null)
{
    // The turn is held however long the other side takes.
    private readonly PostgresOptions _postgres = postgres with { SilenceTimeout = TimeSpan.Zero };
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(metastoreFolder))!;

    private string Here => MoveMark.Folder(_folder);

    private string There => $"PostgreSQL at {_postgres.Display}";

    /// <summary>Moves the catalog of the data folder to PostgreSQL.</summary>
    /// <param name="isDryRun">Looks only: refuses what the move would refuse, and changes nothing.</param>
    /// <param name="cancellationToken">Cancels; the source works on, and the same command again finishes.</param>
    /// <returns>The number of commits.</returns>
    /// <exception cref="TarnException">AlreadyExists when the target is not empty; NotFound when there is nothing to move; InvalidRequest when the source lives elsewhere.</exception>
    /// <exception cref="CommitStateUnknownException">The connection was lost while something was made durable: the same command again tells.</exception>
    public async Task<long> ToPostgresAsync(bool isDryRun, CancellationToken cancellationToken = default)
    {
        using var log = new EmbeddedCommitLog(metastoreFolder, files, time);
        await using var source = PostgresCommitLog.NewSource(_postgres);
        if (isDryRun)
        {
            var found = log.ReadStored();
            RequireCanFill(log, found, await LookAsync(source, cancellationToken).ConfigureAwait(false));
            return found.Commits.Count;
        }

        using var held = await log.HoldAsync(cancellationToken).ConfigureAwait(false);
        var here = log.ReadStored();
        // 1. The target refuses everybody.
        await InTurnAsync(source, async turn =>
        {
            RequireCanFill(log, here, await turn.ReadStoredAsync(null, cancellationToken).ConfigureAwait(false));
            await turn.MarkAsync(new MoveMark(Here, IsUnfinished: true)).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        // 2. It has everything.
        await InTurnAsync(source, turn => FillAsync(log, here, turn, cancellationToken), cancellationToken).ConfigureAwait(false);
        // 3. The source sends everybody there.
        log.Mark(new MoveMark(There));
        // 4. The target is open.
        await InTurnAsync(source, async turn =>
        {
            RequireIsFilled(here, await turn.ReadStoredAsync(null, CancellationToken.None).ConfigureAwait(false));
            await turn.MarkAsync(null).ConfigureAwait(false);
        }, CancellationToken.None).ConfigureAwait(false);
        return here.Commits.Count;
    }

    /// <summary>Moves the catalog in PostgreSQL to the data folder.</summary>
    /// <inheritdoc cref="ToPostgresAsync"/>
    public async Task<long> FromPostgresAsync(bool isDryRun, CancellationToken cancellationToken = default)
    {
        using var log = new EmbeddedCommitLog(metastoreFolder, files, time);
        await using var source = PostgresCommitLog.NewSource(_postgres);
        // Before anything is made: a source that is not there must not come to be.
        var there = await LookAsync(source, cancellationToken).ConfigureAwait(false);
        RequireCanBring(log.ReadStored(), there);
        if (isDryRun)
            return there.Commits.Count;
        using var held = await log.HoldAsync(cancellationToken).ConfigureAwait(false);
        await InTurnAsync(source, async turn =>
        {
            long count = turn.Cursor.State.Number;
            there = await turn.ReadStoredAsync(read => onProgress?.Invoke(read, count), cancellationToken).ConfigureAwait(false);
            var here = log.ReadStored();
            RequireCanBring(here, there);
            // 1. The target refuses everybody.
            log.Mark(new MoveMark(There, IsUnfinished: true));
            // 2. It has everything.
            if (here.Commits.Count < count)
                log.Replace(there.Commits);
            // 3. The source sends everybody there, when the turn ends.
            await turn.MarkAsync(new MoveMark(Here)).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        // 4. The target is open.
        log.Mark(null);
        return there.Commits.Count;
    }

    private async Task FillAsync(EmbeddedCommitLog log, StoredLog here, PostgresTurn turn, CancellationToken cancellationToken)
    {
        RequireCanFill(log, here, await turn.ReadStoredAsync(null, cancellationToken).ConfigureAwait(false));
        foreach (var page in here.Commits.Skip((int)turn.Cursor.State.Number).Chunk(PostgresCursor.PageRecords))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await turn.WriteAsync(page).ConfigureAwait(false);
            onProgress?.Invoke(page[^1].Number, here.Commits.Count);
        }

        await turn.WriteCheckpointAsync().ConfigureAwait(false);
    }

    /// <summary>Does something in one transaction that has the turn, and makes it durable.</summary>
    private async Task InTurnAsync(NpgsqlDataSource source, Func<PostgresTurn, Task> action, CancellationToken cancellationToken)
    {
        bool isEnding = false;
        try
        {
            await using (var first = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false))
                await PostgresMigrations.ApplyAsync(first, _postgres, cancellationToken).ConfigureAwait(false);
            var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var turn = await PostgresTurn.TakeAsync(connection, _postgres, PostgresCursor.Start, moves: true).ConfigureAwait(false);
            await action(turn).ConfigureAwait(false);
            isEnding = true;
            await turn.EndAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (isEnding && PostgresErrors.IsLost(error))
        {
            throw new CommitStateUnknownException($"The connection to {There} was lost while a step of the move was made durable. Run the same command again: it finishes the move or says that it is done. {PostgresErrors.TextOf(error)}", error);
        }
        catch (Exception error) when (PostgresErrors.IsOfStore(error))
        {
            throw PostgresErrors.Translate(error, "Cannot move the catalog", _postgres, "Run the same command again: it finishes the move.");
        }
    }

    /// <summary>What PostgreSQL has, changing nothing.</summary>
    private async Task<StoredLog> LookAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            bool isThere;
            await using (var first = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false))
                isThere = await PostgresMigrations.LookAsync(first, _postgres, cancellationToken).ConfigureAwait(false);
            if (!isThere)
                return new StoredLog(null, []);
            var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var turn = await PostgresTurn.TakeAsync(connection, _postgres, PostgresCursor.Start, moves: true, onlyLooks: true).ConfigureAwait(false);
            return await turn.ReadStoredAsync(null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (PostgresErrors.IsOfStore(error))
        {
            throw PostgresErrors.Translate(error, "Cannot move the catalog", _postgres);
        }
    }
}
