using System.Buffers;
using Npgsql;
using NpgsqlTypes;
using Tarn.Metastore.Appending;
using Tarn.Metastore.Moving;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Postgres;

/// <summary>What moving the whole log needs of a turn.</summary>
internal sealed partial class PostgresTurn
{
    /// <summary>Writes commits as they are; nobody sees them before <see cref="EndAsync"/>.</summary>
    public async Task WriteAsync(IReadOnlyList<CommitRecord> commits)
    {
        var payload = new ArrayBufferWriter<byte>();
        var state = Cursor.State;
        foreach (var commit in commits)
        {
            CommitJson.Write(payload, commit);
            state = state.Apply(commit);
        }

        Guid[] ids = [.. commits.Select(c => Guid.CreateVersion7(c.Time))];
        await using var batch = new NpgsqlBatch(_connection) { BatchCommands = { Insert(new DecidedBatch(commits, payload, state), ids) } };
        await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
        Cursor = new PostgresCursor(state, ids[^1], 0);
    }

    /// <summary>Writes a checkpoint of the state so far.</summary>
    public Task WriteCheckpointAsync() => PostgresCommitLog.WriteCheckpointAsync(_connection, _options, Cursor.State);

    /// <summary>What is here, also where a mark sends everybody elsewhere.</summary>
    /// <param name="onRead">Told the number of the last commit of each page; null for nobody.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<StoredLog> ReadStoredAsync(Action<long>? onRead, CancellationToken cancellationToken)
    {
        var commits = new List<CommitRecord>();
        while (commits.Count < Cursor.State.Number)
        {
            commits.AddRange(await PostgresCommitLog.ReadPageAsync(_connection, _options, commits.Count + 1, Cursor.State.Number, cancellationToken).ConfigureAwait(false));
            onRead?.Invoke(commits.Count);
        }

        return new StoredLog(Mark, commits);
    }

    /// <summary>Sends everybody elsewhere from the end of the turn on; null takes it back.</summary>
    public async Task MarkAsync(MoveMark? mark)
    {
        await using var command = new NpgsqlCommand($"UPDATE {_options.Schema}.log SET moved_to = $1", _connection)
        {
            Parameters = { new() { Value = (object?)mark?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        };
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        Mark = mark;
    }

    /// <summary>Makes what was written durable and ends the turn.</summary>
    public async Task EndAsync()
    {
        await using var command = new NpgsqlCommand("COMMIT", _connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
