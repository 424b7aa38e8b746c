namespace Tarn.Testing.SqlFiles;

/// <summary>Rows of a statement as text.</summary>
/// <param name="Columns">The names of the columns; empty when the statement answers no rows.</param>
/// <param name="Rows">The values; null is SQL NULL.</param>
public sealed record SqlRows(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows);

/// <summary>Something that runs SQL: a session of the engine, or a client of a door.</summary>
public interface ISqlRunner : IAsyncDisposable
{
    /// <summary>Runs one statement to its end.</summary>
    /// <exception cref="Exception">The statement failed; the message is what <c>statement error</c> looks at.</exception>
    Task<SqlRows> RunAsync(string sql, CancellationToken cancellationToken = default);

    /// <summary>Closes everything and opens the same data again, as a new process would.</summary>
    Task ReopenAsync(CancellationToken cancellationToken = default);
}
