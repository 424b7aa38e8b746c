using System.Runtime.CompilerServices;
using Tarn.DuckDb;
using Tarn.Engine.Sessions;

namespace Tarn.Tests.Fakes;

/// <summary>A session on bare DuckDB: enough to test output and the shell without a lake.</summary>
internal sealed class DuckDbSession : ISqlSession
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.Open();
    private readonly DuckDbConnection _connection;

    public DuckDbSession() => _connection = _database.Connect();

    public string CurrentCatalog => "iceberg";

    public string? CurrentSchema => null;

    public List<string> Statements { get; } = [];

    public Task<StatementResult> ExecuteAsync(string sql, StatementOptions? options = null, CancellationToken cancellationToken = default)
    {
        Statements.Add(sql);
        return Task.FromResult<StatementResult>(new Result(_connection.Stream(sql, cancellationToken)));
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Result(DuckDbResult rows) : StatementResult
    {
        public override string Tag => rows.StatementType.ToString().ToUpperInvariant();

        public override IReadOnlyList<ResultColumn> Columns { get; } =
            rows.Kind == DuckDbResultKind.QueryResult ? [.. rows.Columns.Select(column => new ResultColumn(column.Name, column.Type))] : [];

        public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            foreach (var chunk in rows.Chunks(cancellationToken))
                yield return new Batch(chunk);
        }

        public override ValueTask DisposeAsync()
        {
            rows.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Batch(DuckDbChunk chunk) : ResultBatch
    {
        public override int RowCount => chunk.RowCount;

        public override object? GetValue(int column, int row) => chunk[column].GetValue(row);
    }
}
