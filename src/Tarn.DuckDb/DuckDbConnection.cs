using System.Runtime.InteropServices;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb;

/// <summary>
/// A session of a <see cref="DuckDbDatabase"/>. One thread at a time, except <see cref="Interrupt"/> and <see cref="Progress"/>, which
/// are meant for another thread. Errors are <see cref="DuckDbException"/>; an interrupted statement throws <see cref="OperationCanceledException"/>.
/// </summary>
public sealed unsafe partial class DuckDbConnection : IDisposable
{
    internal DuckDbConnection(DuckDbDatabase database, ConnectionHandle handle)
    {
        Database = database;
        Handle = handle;
    }

    /// <summary>The instance that the connection belongs to.</summary>
    public DuckDbDatabase Database { get; }

    internal ConnectionHandle Handle { get; }

    /// <summary>Runs one or several statements and drops their rows.</summary>
    /// <returns>The number of rows that the last statement inserted, updated or deleted; 0 for other statements.</returns>
    /// <exception cref="DuckDbException">A statement failed; those before it have taken effect.</exception>
    /// <exception cref="OperationCanceledException">The statement was interrupted.</exception>
    public long Execute(string sql, CancellationToken cancellation = default)
    {
        using var result = Query(sql, cancellation);
        return result.RowsChanged;
    }

    /// <summary>
    /// Runs one or several statements and holds the rows of the last one in memory (of DuckDB, which may spill them to disk).
    /// The connection is free for the next statement at once.
    /// </summary>
    /// <exception cref="DuckDbException">A statement failed; those before it have taken effect.</exception>
    /// <exception cref="OperationCanceledException">The statement was interrupted.</exception>
    public DuckDbResult Query(string sql, CancellationToken cancellation = default)
    {
        CheckText(sql);
        var handle = new ResultHandle();
        NativeState state;
        using (Interruption.Watch(Handle, cancellation))
            state = NativeMethods.duckdb_query(Handle, sql, handle.Pointer);
        return Finish(handle, state, sql, cancellation);
    }

    /// <summary>
    /// Runs one statement and hands out its rows while it runs: memory stays bounded however many rows there are. The connection
    /// is busy until the result is read to its end or disposed; another statement closes the result.
    /// </summary>
    /// <exception cref="DuckDbException">The statement failed, or the text holds several statements.</exception>
    /// <exception cref="OperationCanceledException">The statement was interrupted.</exception>
    public DuckDbResult Stream(string sql, CancellationToken cancellation = default)
    {
        using var statement = Prepare(sql, cancellation);
        return statement.Stream(cancellation);
    }

    /// <summary>The first column of the first row, as <see cref="DuckDbVector.GetValue"/> gives it; null when there is no row.</summary>
    public object? Scalar(string sql, CancellationToken cancellation = default)
    {
        using var result = Query(sql, cancellation);
        using var chunk = result.NextChunk(cancellation);
        return chunk?[0].GetValue(0);
    }

    /// <summary>Asks the running statement to stop, from another thread. It ends with <see cref="OperationCanceledException"/>.</summary>
    public void Interrupt() => NativeMethods.duckdb_interrupt(Handle);

    /// <summary>
    /// How far the running statement is, from another thread. Needs <c>SET enable_progress_bar = true</c> and
    /// <c>SET enable_progress_bar_print = false</c> before the statement; else the percentage is negative.
    /// </summary>
    public DuckDbProgress Progress()
    {
        var progress = NativeMethods.duckdb_query_progress(Handle);
        return new DuckDbProgress(progress.Percentage, (long)progress.RowsProcessed, (long)progress.RowsTotal);
    }

    /// <summary>Closes the session; an open transaction is rolled back. Must not be called while a statement runs.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Turns the outcome of a native call into a result or an exception.</summary>
    internal DuckDbResult Finish(ResultHandle handle, NativeState state, string? sql, CancellationToken cancellation)
    {
        if (state == NativeState.Success)
            return new DuckDbResult(this, handle, sql);
        using (handle)
            throw Fail(
                NativeMethods.duckdb_result_error_type(handle.Pointer),
                Marshal.PtrToStringUTF8(NativeMethods.duckdb_result_error(handle.Pointer)),
                sql, cancellation);
    }

    internal Exception Fail(DuckDbErrorType type, string? message, string? sql, CancellationToken cancellation = default) =>
        Database.Note(DuckDbErrors.Create(type, message, sql, cancellation, Database.CallbackFailures.Find(message)));

    // The C API takes text up to the first NUL: the rest of the statement would silently be dropped.
    internal static void CheckText(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        var nul = sql.IndexOf('\0');
        if (nul >= 0)
            throw new DuckDbException(DuckDbErrorType.Parser,
                $"Parser Error: the statement holds a NUL character at index {nul}; remove it.", null);
    }
}
