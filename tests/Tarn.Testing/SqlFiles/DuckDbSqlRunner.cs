using Tarn.DuckDb;

namespace Tarn.Testing.SqlFiles;

/// <summary>Runs files in a DuckDB of its own, without a lake: what plain DuckDB answers.</summary>
/// <param name="path">The database file, which <see cref="ReopenAsync"/> opens again.</param>
public sealed class DuckDbSqlRunner(string path) : ISqlRunner
{
    private DuckDbDatabase _database = DuckDbDatabase.Open(path);
    private DuckDbConnection? _connection;

    /// <inheritdoc/>
    public Task<SqlRows> RunAsync(string sql, CancellationToken cancellationToken = default) => Task.Run(() => Run(sql, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task ReopenAsync(CancellationToken cancellationToken = default)
    {
        Close();
        _database = DuckDbDatabase.Open(path);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private SqlRows Run(string sql, CancellationToken cancellationToken)
    {
        _connection ??= _database.Connect();
        using var result = _connection.Query(sql, cancellationToken);
        var columns = result.Columns;
        IReadOnlyList<IReadOnlyList<string?>> rows =
            [.. result.Rows(cancellationToken).Select(row => row.Select((value, i) => ResultText.Of(value, columns[i].Type)).ToArray())];
        return new SqlRows([.. columns.Select(column => column.Name)], rows);
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
        _database.Dispose();
    }
}
