using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

/// <summary>
/// Up to 2,048 rows in columns, in DuckDB's memory. Its vectors and every span taken from them are valid until the chunk is disposed
/// (by its owner: see <see cref="DuckDbResult"/>). Reading is safe from several threads.
/// </summary>
public sealed class DuckDbChunk : IDisposable
{
    private readonly IReadOnlyList<DuckDbType> _types;
    private readonly DuckDbVector?[] _vectors;
    private readonly bool _owned;
    private nint _handle;
    private bool _detached;

    internal DuckDbChunk(nint handle, IReadOnlyList<DuckDbType> types, bool owned)
    {
        _handle = handle;
        _types = types;
        _owned = owned;
        _vectors = new DuckDbVector?[types.Count];
        RowCount = (int)NativeMethods.duckdb_data_chunk_get_size(handle);
        if (!owned)
            GC.SuppressFinalize(this);
    }

    /// <summary>Destroys a chunk that nobody disposed.</summary>
    ~DuckDbChunk() => Free();

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The number of columns.</summary>
    public int ColumnCount => _types.Count;

    /// <summary>The vector of a column.</summary>
    /// <exception cref="ObjectDisposedException">The chunk is no longer valid.</exception>
    public DuckDbVector this[int column]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _vectors[column]
                ??= new DuckDbVector(this, NativeMethods.duckdb_data_chunk_get_vector(_handle, (ulong)column), _types[column], RowCount);
        }
    }

    internal bool IsAlive => _handle != 0;

    /// <summary>The values of a row, as <see cref="DuckDbVector.GetValue"/> gives them.</summary>
    public object?[] GetRow(int row)
    {
        var values = new object?[ColumnCount];
        for (var column = 0; column < values.Length; column++)
            values[column] = this[column].GetValue(row);
        return values;
    }

    /// <summary>
    /// Makes the caller the owner: the chunk outlives its result and must be disposed by the caller. Not for chunks that DuckDB lends
    /// to a function.
    /// </summary>
    /// <exception cref="InvalidOperationException">The chunk is lent.</exception>
    public DuckDbChunk Detach()
    {
        if (!_owned)
            throw new InvalidOperationException("A chunk that DuckDB lends to a function cannot be kept.");
        _detached = true;
        return this;
    }

    /// <summary>Called by the result when it moves on: a detached chunk stays.</summary>
    internal void Release()
    {
        if (!_detached)
            Dispose();
    }

    /// <summary>Frees the rows.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_owned && _handle != 0)
            NativeMethods.duckdb_destroy_data_chunk(ref _handle);
        _handle = 0;
    }
}
