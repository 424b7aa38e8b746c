using System.Buffers;
using System.Runtime.CompilerServices;
using Npgsql;
using Tarn.Metastore.Appending;
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

    /// <summary>All commits, oldest first.</summary>
    /// <param name="onRead">Told the number of the last commit of each page.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<CommitRecord> ReadAllAsync(Action<long> onRead, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long next = 1; next <= Cursor.State.Number;)
        {
            var page = await PostgresCommitLog.ReadPageAsync(_connection, _options, next, Cursor.State.Number, cancellationToken).ConfigureAwait(false);
            foreach (var commit in page)
                yield return commit;
            next += page.Count;
            onRead(next - 1);
        }
    }

    /// <summary>Sends everybody elsewhere from the end of the turn on.</summary>
    public async Task MarkMovedAsync(string to)
    {
        await using var command = new NpgsqlCommand($"UPDATE {_options.Schema}.log SET moved_to = $1", _connection) { Parameters = { new() { Value = to } } };
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>Makes what was written durable and ends the turn.</summary>
    public async Task EndAsync()
    {
        await using var command = new NpgsqlCommand("COMMIT", _connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
