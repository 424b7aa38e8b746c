using Tarn.DuckDb;
using Tarn.DuckDb.Types;

namespace Tarn.Engine.Sessions;

/// <summary>A conversation with an SQL engine: current schema, variables and prepared statements live here. Not thread safe; statements run one after another.</summary>
public interface ISqlSession : IAsyncDisposable
{
    /// <summary>The catalog that unqualified names start in, e.g. <c>iceberg</c>.</summary>
    string CurrentCatalog { get; }

    /// <summary>The schema that unqualified names are looked up in (levels joined by dots), or null before the first <c>USE</c>.</summary>
    string? CurrentSchema { get; }

    /// <summary>Runs one statement. Rows stream from the result; the statement ends when the result is disposed.</summary>
    /// <exception cref="Core.Errors.TarnException">With the place in <paramref name="sql"/> where it is known.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was changed.</exception>
    Task<StatementResult> ExecuteAsync(string sql, StatementOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>How one statement runs.</summary>
public sealed record StatementOptions
{
    /// <summary>Values of <c>?</c> and <c>$n</c>, in order.</summary>
    public IReadOnlyList<object?> Parameters { get; init; } = [];

    /// <summary>Told about progress at most some ten times a second, on any thread; null when nobody looks.</summary>
    public IProgress<StatementProgress>? Progress { get; init; }
}

/// <summary>How far a statement is.</summary>
/// <param name="Stage">What is being done, e.g. <c>reading orders.csv</c>.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all, or null when unknown.</param>
/// <param name="Unit"><c>rows</c>, <c>bytes</c>, <c>files</c> or <c>%</c>.</param>
public sealed record StatementProgress(string Stage, double Done, double? Total, string Unit)
{
    /// <summary>Rows done, estimated, where the unit is another; null when unknown.</summary>
    public double? Rows { get; init; }
}

/// <summary>A column of a result.</summary>
/// <param name="Name">As the query names it, with its case.</param>
/// <param name="Type">The engine's type.</param>
public sealed record ResultColumn(string Name, DuckDbType Type);

/// <summary>What a statement answers: rows, or a word and a count.</summary>
public abstract class StatementResult : IAsyncDisposable
{
    /// <summary>What was done, as PostgreSQL's command tags: <c>SELECT</c>, <c>CREATE TABLE</c>, <c>INSERT</c>, …</summary>
    public abstract string Tag { get; }

    /// <summary>Rows inserted or deleted; null when the statement has no such count.</summary>
    public virtual long? AffectedRows => null;

    /// <summary>Columns of the rows; empty when the statement answers no rows.</summary>
    public abstract IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>Things the user should know, e.g. a filter that prunes nothing; shown on stderr.</summary>
    public virtual IReadOnlyList<string> Notices => [];

    /// <summary>The rows, once. Each batch is valid until the next one is asked for.</summary>
    public abstract IAsyncEnumerable<ResultBatch> ReadBatchesAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>Some rows of a result.</summary>
public abstract class ResultBatch
{
    /// <summary>Rows in this batch.</summary>
    public abstract int RowCount { get; }

    /// <summary>The value in the representation that <see cref="DuckDbVector.GetValue"/> documents; null is SQL NULL.</summary>
    public abstract object? GetValue(int column, int row);
}
