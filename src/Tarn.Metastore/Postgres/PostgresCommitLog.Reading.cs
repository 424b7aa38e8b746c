using Npgsql;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Postgres;

/// <summary>Reading the newest state: a question for each reader, or one for all that wait while another question is under way.</summary>
public sealed partial class PostgresCommitLog
{
    private readonly SemaphoreSlim _reading = new(1);
    private long _asked;
    private Answer _answer = new(0, null);

    /// <inheritdoc/>
    public async ValueTask<LogState> ReadAsync(CancellationToken cancellationToken = default)
    {
        // A question that was under way when this call began may miss a commit acknowledged before the call; one that began later does not.
        long askedBefore = Interlocked.Read(ref _asked);
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_answer.Question <= askedBefore)
                _answer = await AskAsync(Interlocked.Increment(ref _asked), cancellationToken).ConfigureAwait(false);
            return _answer.Error is { } error ? throw new TarnException(error.Kind, error.Message, error) : Current.State;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<Answer> AskAsync(long question, CancellationToken cancellationToken)
    {
        try
        {
            Take(await TryAsync("Cannot read the commit log", connection => FollowAsync(connection, cancellationToken), cancellationToken).ConfigureAwait(false));
            return new Answer(question, null);
        }
        catch (TarnException error)
        {
            return new Answer(question, error);
        }
    }

    private async Task<PostgresCursor> FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var cursor = Current;
        for (bool isMore = true; isMore;)
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands = { new NpgsqlBatchCommand($"SELECT moved_to FROM {_options.Schema}.log"), cursor.NextPage(_options.Schema) },
            };
            await using var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await PostgresHome.RequireAsync(rows, _options, cancellationToken).ConfigureAwait(false);
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            (cursor, isMore) = await cursor.FollowAsync(rows, _options, cancellationToken).ConfigureAwait(false);
        }

        return cursor;
    }

    /// <summary>How a question ended.</summary>
    private sealed record Answer(long Question, TarnException? Error);
}
