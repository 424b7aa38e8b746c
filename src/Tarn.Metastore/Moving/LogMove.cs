using Npgsql;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Postgres;

namespace Tarn.Metastore.Moving;

/// <summary>
/// Moves the whole catalog, with its history and the numbers of its commits, between a data folder and PostgreSQL. Both sides' turns are held all the
/// while; the target shows everything at once or nothing. The source stays as it was, marked, so that nobody goes on with it. Interrupted in whatever
/// moment, the same command again finishes the move or says that it is done.
/// </summary>
/// <param name="metastoreFolder">The metastore folder of the data folder.</param>
/// <param name="postgres">The PostgreSQL.</param>
/// <param name="files">The disk; null for the operating system's.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <param name="onProgress">Told how many commits of how many are written.</param>
public sealed class LogMove(string metastoreFolder, PostgresOptions postgres, IFileSystem? files = null, TimeProvider? time = null, Action<long, long>? onProgress = null)
{
    // The turn is held however long the other side takes.
    private readonly PostgresOptions _postgres = postgres with { SilenceTimeout = TimeSpan.Zero };
    private readonly string _here = $"the data folder '{Path.GetDirectoryName(Path.GetFullPath(metastoreFolder))}'";

    private string There => $"PostgreSQL at {_postgres.Display}";

    /// <summary>Moves the catalog of the data folder to PostgreSQL.</summary>
    /// <param name="isDryRun">Looks only, and changes nothing but that the target's schema is made.</param>
    /// <param name="cancellationToken">Cancels; nothing is moved then.</param>
    /// <returns>The number of commits.</returns>
    /// <exception cref="TarnException">AlreadyExists when the target is not empty; NotFound when there is nothing to move; InvalidRequest when the source was moved elsewhere.</exception>
    /// <exception cref="CommitStateUnknownException">The connection was lost in the last moment: the same command again tells.</exception>
    public async Task<long> ToPostgresAsync(bool isDryRun, CancellationToken cancellationToken = default)
    {
        using var log = new EmbeddedCommitLog(metastoreFolder, files, time);
        using var held = await log.HoldAsync(cancellationToken).ConfigureAwait(false);
        await using var source = NewSource();
        await using var turn = await TakeAsync(source, null, cancellationToken).ConfigureAwait(false);
        if (turn.Cursor.State.Number > 0)
            throw TarnException.AlreadyExists($"{There} holds {turn.Cursor.State.Number} commits already{(log.MovedTo == There ? $": {_here} was moved there" : "; name an empty schema (metastore.schema)")}. Nothing was changed.");
        if (log.MovedTo is { } elsewhere && elsewhere != There)
            throw TarnException.Invalid($"The catalog of {_here} was moved to {elsewhere}. Move it on from there.");
        if (log.MovedTo is not null)
            log.UnmarkMoved(); // of a move that was interrupted before it happened
        var commits = new List<CommitRecord>();
        await foreach (var commit in log.ReadHistoryAsync(1, cancellationToken).ConfigureAwait(false))
            commits.Add(commit);
        if (commits.Count == 0)
            throw TarnException.NotFound($"There is no catalog in {_here} yet, so there is nothing to move: set metastore.postgres and begin.");
        if (!isDryRun)
            await FillAsync(log, turn, commits, cancellationToken).ConfigureAwait(false);
        return commits.Count;
    }

    /// <summary>Moves the catalog in PostgreSQL to the data folder.</summary>
    /// <inheritdoc cref="ToPostgresAsync"/>
    public async Task<long> FromPostgresAsync(bool isDryRun, CancellationToken cancellationToken = default)
    {
        using var log = new EmbeddedCommitLog(metastoreFolder, files, time);
        using var held = await log.HoldAsync(cancellationToken).ConfigureAwait(false);
        await using var source = NewSource();
        await using var turn = await TakeAsync(source, _here, cancellationToken).ConfigureAwait(false);
        long count = turn.Cursor.State.Number;
        if (count == 0)
            throw TarnException.NotFound($"There is no catalog in {There}, so there is nothing to move.");
        if (log.MovedTo is { } elsewhere ? elsewhere != There : (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).Number > 0)
            throw TarnException.AlreadyExists($"There is a catalog in {_here} already{(log.MovedTo is { } other ? $", moved to {other}" : "")}. Name another folder with --data. Nothing was changed.");
        if (isDryRun)
            return count;
        string copy = await log.WriteCopyAsync(turn.ReadAllAsync(n => onProgress?.Invoke(n, count), cancellationToken), cancellationToken).ConfigureAwait(false);
        await turn.MarkMovedAsync(_here).ConfigureAwait(false);
        await EndAsync(turn).ConfigureAwait(false);
        log.Install(copy);
        return count;
    }

    // The source is marked before the target shows anything: at no moment do both go on.
    private async Task FillAsync(EmbeddedCommitLog log, PostgresTurn turn, List<CommitRecord> commits, CancellationToken cancellationToken)
    {
        log.MarkMoved(There);
        try
        {
            foreach (var page in commits.Chunk(PostgresCursor.PageRecords))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await turn.WriteAsync(page).ConfigureAwait(false);
                onProgress?.Invoke(page[^1].Number, commits.Count);
            }

            await turn.WriteCheckpointAsync().ConfigureAwait(false);
        }
        catch
        {
            log.UnmarkMoved();
            throw;
        }

        await EndAsync(turn, log.UnmarkMoved).ConfigureAwait(false);
    }

    private async Task EndAsync(PostgresTurn turn, Action? takeBack = null)
    {
        try
        {
            await turn.EndAsync().ConfigureAwait(false);
        }
        catch (PostgresException error) when (!PostgresErrors.IsLost(error))
        {
            takeBack?.Invoke();
            throw PostgresErrors.Translate(error, "Cannot move the catalog", _postgres);
        }
        catch (Exception error) when (PostgresErrors.IsOfStore(error))
        {
            throw new CommitStateUnknownException($"The connection to {There} was lost in the last moment of the move. Run the same command again: it finishes the move or says that it is done. {PostgresErrors.TextOf(error)}", error);
        }
    }

    private NpgsqlDataSource NewSource() => PostgresCommitLog.NewSource(_postgres);

    private async Task<PostgresTurn> TakeAsync(NpgsqlDataSource source, string? acceptedMove, CancellationToken cancellationToken)
    {
        try
        {
            await using (var first = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false))
                await PostgresMigrations.ApplyAsync(first, _postgres, cancellationToken).ConfigureAwait(false);
            var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return await PostgresTurn.TakeAsync(connection, _postgres, PostgresCursor.Start, acceptedMove).ConfigureAwait(false);
        }
        catch (Exception error) when (PostgresErrors.IsOfStore(error))
        {
            throw PostgresErrors.Translate(error, "Cannot move the catalog", _postgres);
        }
    }
}
