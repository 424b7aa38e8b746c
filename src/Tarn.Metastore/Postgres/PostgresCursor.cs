using System.Text;
using Npgsql;
using Tarn.Core.Errors;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Postgres;

/// <summary>How far the log has been read, and the state there.</summary>
/// <param name="State">What all commits up to here give.</param>
/// <param name="LastId">Id of the last one.</param>
/// <param name="UncheckedBytes">Bytes of the commits since the last checkpoint that this process knows of.</param>
internal sealed record PostgresCursor(LogState State, Guid LastId, long UncheckedBytes)
{
    public const int PageRecords = 1000;

    /// <summary>Before the first commit.</summary>
    public static PostgresCursor Start { get; } = new(LogState.Empty, Guid.Empty, 0);

    /// <summary>The next page: first the commit that the cursor stands on, as proof that it is still there, then newer ones.</summary>
    public NpgsqlBatchCommand NextPage(string schema) => new(
        $"SELECT number, id, CASE WHEN number > $1 THEN record END FROM {schema}.commits WHERE number >= $1 ORDER BY number LIMIT {PageRecords + 1}")
    {
        Parameters = { new() { Value = State.Number } },
    };

    /// <summary>The cursor behind the rows of a page, and whether there may be more.</summary>
    /// <exception cref="TarnException">DataCorrupted when commits that were there are gone, or do not fit.</exception>
    public async ValueTask<(PostgresCursor Cursor, bool IsMore)> FollowAsync(NpgsqlDataReader rows, PostgresOptions options, CancellationToken cancellationToken)
    {
        var cursor = this;
        int count = 0;
        for (; await rows.ReadAsync(cancellationToken).ConfigureAwait(false); count++)
        {
            var (number, id) = (rows.GetInt64(0), rows.GetGuid(1));
            if (count == 0 && State.Number > 0)
            {
                if (number != State.Number || id != LastId)
                    throw Gone(options);
                continue;
            }

            cursor = cursor.Advance(number, id, rows.GetString(2), options);
        }

        if (count == 0 && State.Number > 0)
            throw Gone(options);
        return (cursor, count > PageRecords);
    }

    /// <summary>A commit as it stands in the log.</summary>
    /// <exception cref="TarnException">DataCorrupted or Unsupported, from <see cref="CommitJson.Read"/>.</exception>
    public static CommitRecord ReadCommit(long number, string record, PostgresOptions options)
    {
        var commit = CommitJson.Read(Encoding.UTF8.GetBytes(record));
        return commit.Number == number
            ? commit
            : throw TarnException.Corrupted($"Row {number} of {options.Schema}.commits in PostgreSQL at {options.Display} holds commit {commit.Number}: somebody changed it. Restore the database from a backup.");
    }

    private PostgresCursor Advance(long number, Guid id, string record, PostgresOptions options)
    {
        if (number != State.Number + 1)
            throw TarnException.Corrupted($"Commit {number} follows commit {State.Number} in PostgreSQL at {options.Display}: commits between are missing. Restore the database from a backup.");
        var commit = ReadCommit(number, record, options);
        try
        {
            return new PostgresCursor(State.Apply(commit), id, UncheckedBytes + record.Length);
        }
        catch (TarnException error)
        {
            throw TarnException.Corrupted($"Commit {number} in PostgreSQL at {options.Display} does not fit the commits before it: {error.Message}", error);
        }
    }

    private TarnException Gone(PostgresOptions options) => TarnException.Corrupted(
        $"Commit {State.Number}, which this process has read, is no longer in PostgreSQL at {options.Display}: the database was put back to an older state, or a standby that lacked it took over. "
        + "Restart every Tarn that works with it once that is what you want.");
}
