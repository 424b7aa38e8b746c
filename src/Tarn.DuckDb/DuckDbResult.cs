using System.Runtime.InteropServices;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

/// <summary>
/// The rows of a statement, pulled chunk by chunk (at most 2,048 rows each), once and forwards. The chunk handed out last stays
/// valid until the next one is pulled or the result is disposed, unless <see cref="DuckDbChunk.Detach"/> was called.
/// </summary>
public sealed unsafe class DuckDbResult : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly ResultHandle _handle;
    private readonly string? _sql;
    private DuckDbColumn[]? _columns;
    private DuckDbType[]? _types;
    private DuckDbChunk? _current;

    internal DuckDbResult(DuckDbConnection connection, ResultHandle handle, string? sql)
    {
        _connection = connection;
        _handle = handle;
        _sql = sql;
        IsStreaming = NativeMethods.duckdb_result_is_streaming(*handle.Pointer);
        Kind = NativeMethods.duckdb_result_return_type(*handle.Pointer);
        // The library reads the number out of a materialised result only.
        if (Kind == DuckDbResultKind.ChangedRows && !IsStreaming)
            RowsChanged = (long)NativeMethods.duckdb_rows_changed(handle.Pointer);
    }

    /// <summary>Whether the statement gave rows, a number of changed rows, or nothing.</summary>
    public DuckDbResultKind Kind { get; }

    /// <summary>The rows that an INSERT, UPDATE, DELETE or COPY changed; 0 for other statements.</summary>
    public long RowsChanged { get; }

    /// <summary>True when the statement still runs while its rows are pulled.</summary>
    public bool IsStreaming { get; }

    /// <summary>What the statement was.</summary>
    public DuckDbStatementType StatementType => NativeMethods.duckdb_result_statement_type(*_handle.Pointer);

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<DuckDbColumn> Columns => _columns ??= ReadColumns();

    private DuckDbColumn[] ReadColumns()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        var columns = new DuckDbColumn[NativeMethods.duckdb_column_count(_handle.Pointer)];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new DuckDbColumn(
                Marshal.PtrToStringUTF8(NativeMethods.duckdb_column_name(_handle.Pointer, (ulong)i)) ?? "",
                DuckDbType.Take(NativeMethods.duckdb_column_logical_type(_handle.Pointer, (ulong)i)));
        return columns;
    }

    /// <summary>The next rows, or null at the end. Destroys the chunk handed out before.</summary>
    /// <exception cref="DuckDbException">A streaming statement failed.</exception>
    /// <exception cref="OperationCanceledException">A streaming statement was interrupted.</exception>
    public DuckDbChunk? NextChunk(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        _current?.Release();
        _current = null;
        _types ??= [.. Columns.Select(column => column.Type)];
        nint chunk;
        using (Interruption.Watch(_connection.Handle, cancellation))
            chunk = NativeMethods.duckdb_fetch_chunk(*_handle.Pointer);
        if (chunk == 0)
        {
            ThrowIfFailed(cancellation);
            return null;
        }
        return _current = new DuckDbChunk(chunk, _types, owned: true);
    }

    private void ThrowIfFailed(CancellationToken cancellation)
    {
        var message = NativeMethods.duckdb_result_error(_handle.Pointer);
        if (message != 0)
            throw _connection.Fail(
                NativeMethods.duckdb_result_error_type(_handle.Pointer), Marshal.PtrToStringUTF8(message), _sql, cancellation);
    }

    /// <summary>All chunks that are left, in order; each is valid until the loop moves on.</summary>
    public IEnumerable<DuckDbChunk> Chunks(CancellationToken cancellation = default)
    {
        while (NextChunk(cancellation) is { } chunk)
            yield return chunk;
    }

    /// <summary>All rows that are left, each value as <see cref="DuckDbVector.GetValue"/> gives it. Convenient, not fast.</summary>
    public IEnumerable<object?[]> Rows(CancellationToken cancellation = default)
    {
        foreach (var chunk in Chunks(cancellation))
            for (var row = 0; row < chunk.RowCount; row++)
                yield return chunk.GetRow(row);
    }

    /// <summary>Frees the rows; ends a statement that still streams.</summary>
    public void Dispose()
    {
        _current?.Release();
        _handle.Dispose();
    }
}
