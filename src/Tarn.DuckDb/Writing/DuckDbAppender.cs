using System.Runtime.InteropServices;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Writing;

/// <summary>
/// Writes rows of C# into a table, many times faster than INSERT. Either row by row (<see cref="AppendRow"/>) or, faster, by filling
/// <see cref="Chunk"/> and calling <see cref="AppendChunk"/>. DuckDB writes in batches of some 100,000 rows, the last one with
/// <see cref="Complete"/>; outside a transaction each batch is committed by itself, so use BEGIN and COMMIT for all or nothing.
/// </summary>
public sealed class DuckDbAppender : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly AppenderHandle _handle;
    private readonly ChunkHandle _chunkHandle;
    private int _pending;
    private bool _completed;

    internal DuckDbAppender(DuckDbConnection connection, AppenderHandle handle)
    {
        _connection = connection;
        _handle = handle;
        ColumnTypes = [.. Enumerable.Range(0, (int)NativeMethods.duckdb_appender_column_count(handle))
            .Select(column => DuckDbType.Take(NativeMethods.duckdb_appender_column_type(handle, (ulong)column)))];
        _chunkHandle = new ChunkHandle(DuckDbChunkWriter.Create(ColumnTypes));
        Chunk = new DuckDbChunkWriter(_chunkHandle.Value, ColumnTypes);
    }

    /// <summary>The types of the table's columns, in order.</summary>
    public IReadOnlyList<DuckDbType> ColumnTypes { get; }

    /// <summary>The rows to write next, up to <see cref="DuckDbChunkWriter.MaxRows"/>.</summary>
    public DuckDbChunkWriter Chunk { get; }

    /// <summary>Adds one row; see <see cref="DuckDbVectorWriter.SetValue"/> for the objects.</summary>
    /// <exception cref="DuckDbException">The table refuses the rows (a constraint).</exception>
    public void AppendRow(params ReadOnlySpan<object?> values)
    {
        Chunk.SetRow(_pending, values);
        if (++_pending == DuckDbChunkWriter.MaxRows)
            AppendChunk(_pending);
    }

    /// <summary>Adds the first rows of <see cref="Chunk"/> and empties it.</summary>
    /// <exception cref="DuckDbException">The table refuses the rows (a constraint).</exception>
    public void AppendChunk(int rowCount)
    {
        Chunk.SetRowCount(rowCount);
        Check(NativeMethods.duckdb_append_data_chunk(_handle, _chunkHandle.Value));
        Chunk.Reset();
        _pending = 0;
    }

    /// <summary>Writes the rows that are not in the table yet. The appender takes no more.</summary>
    /// <exception cref="DuckDbException">The table refuses the rows (a constraint).</exception>
    public void Complete()
    {
        if (_pending > 0)
            AppendChunk(_pending);
        Check(NativeMethods.duckdb_appender_close(_handle));
        _completed = true;
    }

    private void Check(NativeState state)
    {
        if (state == NativeState.Success)
            return;
        var error = NativeMethods.duckdb_appender_error_data(_handle);
        try
        {
            throw _connection.Fail(
                NativeMethods.duckdb_error_data_error_type(error),
                Marshal.PtrToStringUTF8(NativeMethods.duckdb_error_data_message(error)),
                sql: null);
        }
        finally
        {
            NativeMethods.duckdb_destroy_error_data(ref error);
        }
    }

    /// <summary>Frees the appender; rows that are not written yet are dropped.</summary>
    public void Dispose()
    {
        if (!_completed && !_handle.IsClosed)
            NativeMethods.duckdb_appender_clear(_handle);
        _chunkHandle.Dispose();
        _handle.Dispose();
    }
}
