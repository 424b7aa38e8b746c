using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Writing;

/// <summary>
/// A chunk that is being filled: write the columns by the indexer, then say how many rows there are. Not for several threads.
/// </summary>
public sealed unsafe class DuckDbChunkWriter
{
    /// <summary>The most rows that a chunk holds: DuckDB's vector size.</summary>
    public const int MaxRows = 2048;

    private readonly nint _handle;
    private readonly DuckDbVectorWriter?[] _columns;

    internal DuckDbChunkWriter(nint handle, IReadOnlyList<DuckDbType> types)
    {
        _handle = handle;
        Types = types;
        _columns = new DuckDbVectorWriter?[types.Count];
    }

    /// <summary>The types of the columns.</summary>
    public IReadOnlyList<DuckDbType> Types { get; }

    /// <summary>The writer of a column.</summary>
    public DuckDbVectorWriter this[int column] => _columns[column]
        ??= new DuckDbVectorWriter(NativeMethods.duckdb_data_chunk_get_vector(_handle, (ulong)column), Types[column], MaxRows);

    /// <summary>Writes a row of objects; see <see cref="DuckDbVectorWriter.SetValue"/>.</summary>
    public void SetRow(int row, params ReadOnlySpan<object?> values)
    {
        if (values.Length != Types.Count)
            throw new ArgumentException($"The row has {values.Length} values for {Types.Count} columns.", nameof(values));
        for (var column = 0; column < values.Length; column++)
            this[column].SetValue(row, values[column]);
    }

    internal void SetRowCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)MaxRows, nameof(count));
        NativeMethods.duckdb_data_chunk_set_size(_handle, (ulong)count);
    }

    /// <summary>Empties the chunk for the next rows; the vectors move, so their writers are made anew.</summary>
    internal void Reset()
    {
        NativeMethods.duckdb_data_chunk_reset(_handle);
        Array.Clear(_columns);
    }

    internal static nint Create(IReadOnlyList<DuckDbType> types)
    {
        var natives = types.Select(type => type.ToNative()).ToArray();
        try
        {
            fixed (nint* first = natives.Select(native => native.Value).ToArray())
                return NativeMethods.duckdb_create_data_chunk(first, (ulong)natives.Length);
        }
        finally
        {
            foreach (var native in natives)
                native.Dispose();
        }
    }
}
