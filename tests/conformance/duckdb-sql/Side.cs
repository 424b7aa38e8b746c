using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Testing.Lakes;
using Tarn.Testing.SqlFiles;

namespace Tarn.Conformance.DuckDbSql;

/// <summary>What a record of statements gave: rows or an error.</summary>
internal sealed record Answer(IReadOnlyList<(string Name, string Type, DuckDbTypeId Id)> Columns, IReadOnlyList<string[]> Rows)
{
    /// <summary>Why it failed; null when it did not.</summary>
    public Exception? Error { get; init; }

    /// <summary>True when it ran past the time given to it.</summary>
    public bool IsTimeout => Error is OperationCanceledException;

    public static Answer Of(Exception error) => new([], []) { Error = error };
}

/// <summary>One of the two that run the same files: Tarn, and the engine without it.</summary>
internal abstract class Side(TimeSpan limit) : IAsyncDisposable
{
    private const int MaxRows = 200_000;

    /// <summary>Runs the statements of a record; the answer is that of the last.</summary>
    public async Task<Answer> RunAsync(string connection, string sql)
    {
        using var time = new CancellationTokenSource(limit);
        try
        {
            return await RunAsync(connection, sql, time.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            return Answer.Of(error);
        }
    }

    protected abstract Task<Answer> RunAsync(string connection, string sql, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected static (string, string, DuckDbTypeId) Column(string name, DuckDbType type) => (name, type.ToString(), type.Id);

    protected static string[] Row(IReadOnlyList<DuckDbType> types, Func<int, object?> value) => [.. types.Select((type, i) => Shown(ResultText.Of(value(i), type)))];

    protected static void RequireRoom(int rows)
    {
        if (rows > MaxRows)
            throw new InvalidOperationException($"the runner keeps {MaxRows} rows of an answer");
    }

    // As the suite writes them.
    private static string Shown(string? text) => text switch
    {
        null => "NULL",
        "" => "(empty)",
        _ => text.Replace("\0", "\\0", StringComparison.Ordinal),
    };
}

/// <summary>The engine alone, in memory.</summary>
internal sealed class PlainSide(TimeSpan limit) : Side(limit)
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.Open(":memory:", new Dictionary<string, string> { ["threads"] = "2", ["autoinstall_known_extensions"] = "false", ["autoload_known_extensions"] = "false" });
    private readonly Dictionary<string, DuckDbConnection> _connections = [];

    protected override Task<Answer> RunAsync(string connection, string sql, CancellationToken cancellationToken) => Task.Run(() => Run(connection, sql, cancellationToken), CancellationToken.None);

    private Answer Run(string connection, string sql, CancellationToken cancellationToken)
    {
        if (!_connections.TryGetValue(connection, out var used))
            _connections[connection] = used = _database.Connect();
        using var result = used.Query(sql, cancellationToken);
        DuckDbType[] types = [.. result.Columns.Select(c => c.Type)];
        var rows = new List<string[]>();
        foreach (object?[] row in result.Rows(cancellationToken))
        {
            rows.Add(Row(types, i => row[i]));
            RequireRoom(rows.Count);
        }

        return new Answer([.. result.Columns.Select(c => Column(c.Name, c.Type))], rows);
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
            connection.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tarn over a fresh data folder; tables go into the schema <c>main</c> of its catalog.</summary>
internal sealed class TarnSide(string folder, TimeSpan limit) : Side(limit)
{
    private readonly LocalLake _lake = LocalLake.Open(folder);
    private readonly Dictionary<string, ISqlSession> _sessions = [];

    protected override async Task<Answer> RunAsync(string connection, string sql, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(connection, out var session))
            _sessions[connection] = session = await OpenAsync().ConfigureAwait(false);
        var answer = new Answer([], []);
        foreach (var statement in SqlScript.Split(sql))
            answer = await RunAsync(session, statement.Text, cancellationToken).ConfigureAwait(false);
        return answer;
    }

    private async Task<ISqlSession> OpenAsync()
    {
        var session = _lake.Engine.OpenSession();
        await LocalLake.RunAsync(session, "CREATE SCHEMA IF NOT EXISTS main").ConfigureAwait(false);
        await LocalLake.RunAsync(session, "USE iceberg.main").ConfigureAwait(false);
        return session;
    }

    private static async Task<Answer> RunAsync(ISqlSession session, string sql, CancellationToken cancellationToken)
    {
        await using var result = await session.ExecuteAsync(sql, cancellationToken: cancellationToken).ConfigureAwait(false);
        DuckDbType[] types = [.. result.Columns.Select(c => c.Type)];
        var rows = new List<string[]>();
        await foreach (var batch in result.ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            for (int row = 0; row < batch.RowCount; row++)
                rows.Add(Row(types, i => batch.GetValue(i, row)));
            RequireRoom(rows.Count);
        }

        return new Answer([.. result.Columns.Select(c => Column(c.Name, c.Type))], rows);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
            await session.DisposeAsync().ConfigureAwait(false);
        await _lake.DisposeAsync().ConfigureAwait(false);
    }
}
