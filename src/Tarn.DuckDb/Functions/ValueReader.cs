using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb.Functions;

/// <summary>Reads a single value of DuckDB, of any type, through a chunk of one row.</summary>
internal static class ValueReader
{
    internal static object? Read(ValueHandle value)
    {
        if (NativeMethods.duckdb_is_null_value(value.Value))
            return null;
        DuckDbType[] types = [DuckDbType.Borrow(NativeMethods.duckdb_get_value_type(value.Value))];
        var chunk = DuckDbChunkWriter.Create(types);
        NativeMethods.duckdb_vector_reference_value(NativeMethods.duckdb_data_chunk_get_vector(chunk, 0), value.Value);
        NativeMethods.duckdb_data_chunk_set_size(chunk, 1);
        using var row = new DuckDbChunk(chunk, types, owned: true);
        return row[0].GetValue(0);
    }
}
