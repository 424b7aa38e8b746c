using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Tarn.Metastore.Appending;
using Tarn.Metastore.Moving;

namespace Tarn.Metastore.Postgres;

/// <summary>The turn of committing: a transaction that holds the lock of the log's row. It ends with its connection, whatever becomes of the process.</summary>
internal sealed partial class PostgresTurn : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly PostgresOptions _options;

    private PostgresTurn(NpgsqlConnection connection, PostgresOptions options, PostgresCursor cursor) => (_connection, _options, Cursor) = (connection, options, cursor);

    /// <summary>The newest state: nobody else can add to it before the turn ends.</summary>
    public PostgresCursor Cursor { get; private set; }

    /// <summary>Where the catalog lives instead; null when it is here, as it always is but for a move.</summary>
    public MoveMark? Mark { get; private set; }

    /// <summary>Waits for the turn and reads what others committed since.</summary>
    /// <param name="connection">A fresh connection; the turn disposes it.</param>
    /// <param name="options">Which store.</param>
    /// <param name="from">How far the log was read.</param>
    /// <param name="moves">Whether it is a move's, which goes on where the catalog lives elsewhere.</param>
    /// <param name="onlyLooks">Whether it waits for nobody, and PostgreSQL lets it change nothing.</param>
    public static async Task<PostgresTurn> TakeAsync(NpgsqlConnection connection, PostgresOptions options, PostgresCursor from, bool moves = false, bool onlyLooks = false)
    {
        var turn = new PostgresTurn(connection, options, from);
        try
        {
            await turn.BeginAsync(moves, onlyLooks).ConfigureAwait(false);
            return turn;
        }
        catch
        {
            await turn.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether a commit with this id is in the log. Whoever sent it holds the turn no more, so the answer stays.</summary>
    public async Task<bool> HoldsAsync(Guid id)
    {
        await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM {_options.Schema}.commits WHERE id = $1)", _connection) { Parameters = { new() { Value = id } } };
        return await command.ExecuteScalarAsync().ConfigureAwait(false) is true;
    }

    /// <summary>Writes the commits and ends the turn; when it returns they are durable.</summary>
    /// <param name="batch">The commits.</param>
    /// <param name="ids">An id for each.</param>
    public async Task CommitAsync(DecidedBatch batch, Guid[] ids)
    {
        await using var commands = new NpgsqlBatch(_connection) { BatchCommands = { Insert(batch, ids), new NpgsqlBatchCommand("COMMIT") } };
        await commands.ExecuteNonQueryAsync().ConfigureAwait(false);
        Cursor = new PostgresCursor(batch.State, ids[^1], Cursor.UncheckedBytes + batch.Payload.WrittenCount);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // The pool rolls back what is open when it takes the connection back.
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (PostgresErrors.IsOfStore(error))
        {
            // PostgreSQL ended the connection, and with it the transaction: what was committed in it was known, or in doubt, before.
        }
    }

    private async Task BeginAsync(bool moves, bool onlyLooks)
    {
        await using var commands = new NpgsqlBatch(_connection) { Timeout = (int)(_options.TurnTimeout + _options.SilenceTimeout).TotalSeconds + 1 };
        commands.BatchCommands.Add(new NpgsqlBatchCommand(onlyLooks ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
        commands.BatchCommands.Add(Settings());
        commands.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT moved_to FROM {_options.Schema}.log{(onlyLooks ? "" : " FOR UPDATE")}"));
        commands.BatchCommands.Add(Cursor.NextPage(_options.Schema));
        bool isMore;
        await using (var rows = await commands.ExecuteReaderAsync().ConfigureAwait(false))
        {
            await rows.NextResultAsync().ConfigureAwait(false);
            Mark = await PostgresHome.ReadAsync(rows, _options, CancellationToken.None).ConfigureAwait(false);
            if (Mark is { } mark && !moves)
                throw PostgresHome.Away(mark, _options);
            await rows.NextResultAsync().ConfigureAwait(false);
            (Cursor, isMore) = await Cursor.FollowAsync(rows, _options, CancellationToken.None).ConfigureAwait(false);
        }

        while (isMore)
        {
            await using var page = new NpgsqlBatch(_connection) { BatchCommands = { Cursor.NextPage(_options.Schema) } };
            await using var rows = await page.ExecuteReaderAsync().ConfigureAwait(false);
            (Cursor, isMore) = await Cursor.FollowAsync(rows, _options, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // For this transaction only. An acknowledged commit is on the disk, so what loses it ('off', and 'local' where there are standbys) is raised to
    // 'on'; stronger settings stay. The lock of a process that hangs between its statements ends after the silence.
    private NpgsqlBatchCommand Settings() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on' ELSE current_setting('synchronous_commit') END, true),
               set_config('lock_timeout', '{(long)_options.TurnTimeout.TotalMilliseconds}', true),
               set_config('idle_in_transaction_session_timeout', '{(long)_options.SilenceTimeout.TotalMilliseconds}', true)
        """));

    private NpgsqlBatchCommand Insert(DecidedBatch batch, Guid[] ids) => new(
        $"""
        INSERT INTO {_options.Schema}.commits (number, id, time, principal, warehouse, branch, record)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7::json[])
        """)
    {
        Parameters =
        {
            new() { Value = batch.Commits.Select(c => c.Number).ToArray() },
            new() { Value = ids },
            new() { Value = batch.Commits.Select(c => c.Time.UtcDateTime).ToArray() },
            // PostgreSQL's text has no place for NUL; the record has the name as it is.
            new() { Value = batch.Commits.Select(c => c.Principal.Replace('\0', '\uFFFD')).ToArray() },
            new() { Value = batch.Commits.Select(c => c.At.Warehouse).ToArray() },
            new() { Value = batch.Commits.Select(c => c.At.Branch).ToArray() },
            new() { Value = Encoding.UTF8.GetString(batch.Payload.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        },
    };
}
