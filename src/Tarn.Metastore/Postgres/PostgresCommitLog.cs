using System.Runtime.CompilerServices;
using Npgsql;
using Tarn.Core.Errors;
using Tarn.Metastore.Appending;

namespace Tarn.Metastore.Postgres;

/// <summary>
/// The commit log as a table of PostgreSQL. Any number of processes on any number of machines read and commit; who commits holds the lock of one row, and
/// commits that arrive in one process while another is under way share the next transaction. Nothing is asked of PostgreSQL before the first use. Safe for any number of threads;
/// one object per process is enough.
/// </summary>
public sealed partial class PostgresCommitLog : ICommitLog, IDisposable
{
    private readonly PostgresOptions _options;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _source;
    private readonly CommitQueue _queue;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly Lock _gate = new();
    private PostgresCursor _cursor = PostgresCursor.Start;
    private volatile bool _isOpen;
    private int _isOutOfReach;

    /// <summary>Opens a log; asks nothing yet.</summary>
    /// <param name="options">Which PostgreSQL.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public PostgresCommitLog(PostgresOptions options, TimeProvider? time = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _source = NewSource(options);
        _queue = new CommitQueue(WriteNextBatchAsync);
    }

    /// <summary>Raised once with the reason when PostgreSQL can no longer be reached, and once with null when it can again.</summary>
    public event Action<string?>? AvailabilityChanged;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommitRecord> ReadHistoryAsync(long fromNumber = 1, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long newest = (await ReadAsync(cancellationToken).ConfigureAwait(false)).Number;
        for (long next = Math.Max(1, fromNumber); next <= newest;)
        {
            var page = await TryAsync("Cannot read the commit log", connection => ReadPageAsync(connection, _options, next, newest, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var commit in page)
                yield return commit;
            next += page.Count;
        }
    }

    /// <summary>Closes the connections. Commits under way fail or finish as they would have.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _opening.Dispose();
        _reading.Dispose();
    }

    /// <summary>Connections to the primary.</summary>
    internal static NpgsqlDataSource NewSource(PostgresOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        return options.HasManyHosts ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }

    /// <summary>Commits of a range, oldest first, up to a limit.</summary>
    internal static async Task<List<CommitRecord>> ReadPageAsync(NpgsqlConnection connection, PostgresOptions options, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT number, record FROM {options.Schema}.commits WHERE number BETWEEN $1 AND $2 ORDER BY number LIMIT {PostgresCursor.PageRecords}", connection)
        {
            Parameters = { new() { Value = from }, new() { Value = to } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var page = new List<CommitRecord>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            page.Add(PostgresCursor.ReadCommit(rows.GetInt64(0), rows.GetString(1), options));
        bool isWhole = page.Count > 0 && page[0].Number == from && page[^1].Number == from + page.Count - 1;
        return isWhole ? page : throw TarnException.Corrupted($"Commits from number {from} are missing in PostgreSQL at {options.Display}. Restore the database from a backup.");
    }

    /// <summary>Does something that can be done again: on another connection when one is lost, until there is no patience left.</summary>
    private async Task<T> TryAsync<T>(string what, Func<NpgsqlConnection, Task<T>> action, CancellationToken cancellationToken)
    {
        for (var patience = new Patience(_time, _options.ConnectPatience); ;)
        {
            try
            {
                await using var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
                return await action(connection).ConfigureAwait(false);
            }
            catch (Exception error) when (PostgresErrors.IsOfStore(error))
            {
                if (!PostgresErrors.IsLost(error) || !await patience.PauseAsync(cancellationToken).ConfigureAwait(false))
                    throw PostgresErrors.Translate(error, what, _options);
            }
        }
    }

    /// <summary>A connection to a schema of the version that this program knows.</summary>
    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await ReachAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isOpen)
                await OpenAsync(connection, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<NpgsqlConnection> ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _isOutOfReach, 0) != 0)
                AvailabilityChanged?.Invoke(null);
            return connection;
        }
        catch (Exception error) when (PostgresErrors.IsOfStore(error))
        {
            if (Interlocked.Exchange(ref _isOutOfReach, 1) == 0)
                AvailabilityChanged?.Invoke($"PostgreSQL at {_options.Display}: {PostgresErrors.TextOf(error)}");
            throw;
        }
    }

    private async Task OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isOpen)
                return;
            await PostgresMigrations.ApplyAsync(connection, _options, cancellationToken).ConfigureAwait(false);
            await ReadCheckpointAsync(connection, cancellationToken).ConfigureAwait(false);
            _isOpen = true;
        }
        finally
        {
            _opening.Release();
        }
    }

    private PostgresCursor Current
    {
        get
        {
            lock (_gate)
                return _cursor;
        }
    }

    /// <summary>Takes over what was read, unless somebody was faster.</summary>
    private PostgresCursor Take(PostgresCursor read)
    {
        lock (_gate)
        {
            if (read.State.Number > _cursor.State.Number)
                _cursor = read;
            return _cursor;
        }
    }
}
