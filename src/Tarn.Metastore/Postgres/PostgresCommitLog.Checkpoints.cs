using Npgsql;
using Tarn.Core.Errors;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Postgres;

/// <summary>Checkpoints: only a shortcut for opening, which any process may write.</summary>
public sealed partial class PostgresCommitLog
{
    private long _checkpointSize;

    // A checkpoint costs a write of the whole state; the commits read at opening stay below this many bytes, or the size of the last checkpoint.
    internal long CheckpointEveryBytes { get; init; } = 256 << 10;

    // The commit that the checkpoint stands on proves that both are of one log.
    private async Task ReadCheckpointAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT c.id, k.state FROM {_options.Schema}.checkpoints k JOIN {_options.Schema}.commits c ON c.number = k.number WHERE k.form = $1", connection)
        {
            Parameters = { new() { Value = StateJson.Form } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            return;
        byte[] state = rows.GetFieldValue<byte[]>(1);
        _checkpointSize = state.Length;
        if (TryReadState(state) is { } read)
            Take(new PostgresCursor(read, rows.GetGuid(0), 0));
    }

    private static LogState? TryReadState(byte[] state)
    {
        try
        {
            return StateJson.Read(state);
        }
        catch (TarnException)
        {
            return null; // damaged, or another version's: the log itself is read instead
        }
    }

    private async Task WriteCheckpointWhenDueAsync()
    {
        var cursor = Current;
        if (cursor.UncheckedBytes <= Math.Max(CheckpointEveryBytes, _checkpointSize))
            return;
        try
        {
            await using var connection = await ConnectAsync(CancellationToken.None).ConfigureAwait(false);
            _checkpointSize = await WriteCheckpointAsync(connection, _options, cursor.State).ConfigureAwait(false);
        }
        catch (Exception error) when (PostgresErrors.IsOfStore(error))
        {
            // The checkpoint only makes opening faster; the commits stand, and it is tried again after as many bytes.
            _checkpointSize = 0;
        }
        finally
        {
            lock (_gate)
                _cursor = _cursor with { UncheckedBytes = 0 };
        }
    }

    /// <summary>Writes the state unless a newer one is there, in place of those that earlier versions left.</summary>
    /// <returns>Its size in bytes.</returns>
    internal static async Task<long> WriteCheckpointAsync(NpgsqlConnection connection, PostgresOptions options, LogState state)
    {
        byte[] content = StateJson.Write(state);
        await using var command = new NpgsqlCommand(
            $"""
            WITH former AS (DELETE FROM {options.Schema}.checkpoints WHERE form < $1)
            INSERT INTO {options.Schema}.checkpoints AS k (form, number, state) VALUES ($1, $2, $3)
            ON CONFLICT (form) DO UPDATE SET number = excluded.number, state = excluded.state WHERE k.number < excluded.number
            """, connection)
        {
            Parameters = { new() { Value = StateJson.Form }, new() { Value = state.Number }, new() { Value = content } },
        };
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        return content.Length;
    }
}
