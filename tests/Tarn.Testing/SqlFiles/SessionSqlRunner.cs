using Tarn.Engine.Sessions;

namespace Tarn.Testing.SqlFiles;

/// <summary>Runs files in a session of the engine.</summary>
/// <param name="open">Opens the data and a session of it; called at the first statement and behind each <c>reopen</c>.</param>
public sealed class SessionSqlRunner(Func<CancellationToken, Task<SqlSessionLease>> open) : ISqlRunner
{
    private SqlSessionLease? _lease;

    /// <inheritdoc/>
    public async Task<SqlRows> RunAsync(string sql, CancellationToken cancellationToken = default)
    {
        _lease ??= await open(cancellationToken).ConfigureAwait(false);
        await using var result = await _lease.Session.ExecuteAsync(sql, cancellationToken: cancellationToken).ConfigureAwait(false);
        List<IReadOnlyList<string?>> rows = [];
        await foreach (var batch in result.ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                rows.Add([.. result.Columns.Select((column, i) => ResultText.Of(batch.GetValue(i, row), column.Type))]);
            }
        }

        return new SqlRows([.. result.Columns.Select(column => column.Name)], rows);
    }

    /// <inheritdoc/>
    public async Task ReopenAsync(CancellationToken cancellationToken = default)
    {
        await DisposeAsync().ConfigureAwait(false);
        _lease = await open(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_lease is { } lease)
        {
            _lease = null;
            await lease.Session.DisposeAsync().ConfigureAwait(false);
            await lease.Close().ConfigureAwait(false);
        }
    }
}

/// <summary>A session and what it needs to stay open.</summary>
/// <param name="Session">The session.</param>
/// <param name="Close">Closes the data behind it, once the session is closed.</param>
public sealed record SqlSessionLease(ISqlSession Session, Func<ValueTask> Close);
