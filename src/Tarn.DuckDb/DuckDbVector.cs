using System.Runtime.CompilerServices;
using System.Text;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

/// <summary>
/// One column of a <see cref="DuckDbChunk"/>, or the elements of a nested column. The spans point into DuckDB's memory: no copy, valid
/// as long as the chunk.
/// </summary>
public sealed unsafe partial class DuckDbVector
{
    private readonly DuckDbChunk _chunk;
    private readonly nint _handle;
    private readonly byte* _data;
    private readonly ulong* _validity;
    private DuckDbVector?[]? _children;

    internal DuckDbVector(DuckDbChunk chunk, nint handle, DuckDbType type, int count)
    {
        _chunk = chunk;
        _handle = handle;
        Type = type;
        Count = count;
        _data = (byte*)NativeMethods.duckdb_vector_get_data(handle);
        _validity = NativeMethods.duckdb_vector_get_validity(handle);
    }

    /// <summary>The type of the values.</summary>
    public DuckDbType Type { get; }

    /// <summary>The number of values: the rows of the chunk, or for a child vector the elements of all its rows together.</summary>
    public int Count { get; }

    /// <summary>False when no value is null; true when some may be.</summary>
    public bool MayHaveNulls => _validity != null;

    /// <summary>
    /// One bit for each value, lowest first, 1 for valid; empty when no value is null.
    /// </summary>
    public ReadOnlySpan<ulong> Validity
    {
        get
        {
            ThrowIfDisposed();
            return _validity == null ? default : new ReadOnlySpan<ulong>(_validity, (Count + 63) / 64);
        }
    }

    /// <summary>True when the value is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(int row)
    {
        CheckRow(row);
        return IsValidUnchecked(row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsValidUnchecked(int row) => _validity == null || (_validity[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>
    /// The stored values of a fixed-width type; the value of a null row is undefined. Fitting types: BOOLEAN bool; integers of the
    /// same width; HUGEINT <see cref="Int128"/>; UHUGEINT <see cref="UInt128"/>; FLOAT, DOUBLE; DATE int (days since 1970); TIME,
    /// TIME_NS, TIMESTAMP… long in their unit; INTERVAL <see cref="DuckDbInterval"/>; DECIMAL short, int, long or <see cref="Int128"/>
    /// for at most 4, 9, 18, 38 digits; ENUM byte, ushort or uint (the number of the value); UUID <see cref="UInt128"/> with the
    /// highest bit inverted.
    /// </summary>
    /// <exception cref="InvalidOperationException">The width of <typeparamref name="T"/> is not that of the stored values.</exception>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged
    {
        ThrowIfDisposed();
        if (sizeof(T) != Type.StorageSize)
            throw new InvalidOperationException(
                $"{Type} stores {Type.StorageSize} bytes for each value; {typeof(T).Name} has {sizeof(T)}.");
        return new ReadOnlySpan<T>(_data, Count);
    }

    /// <summary>
    /// The bytes of a VARCHAR (UTF-8), BLOB, GEOMETRY, BIT or BIGNUM value, without a copy. Undefined for a null row: ask
    /// <see cref="IsValid"/> first.
    /// </summary>
    /// <exception cref="InvalidOperationException">The type is another one.</exception>
    public ReadOnlySpan<byte> Bytes(int row)
    {
        CheckRow(row);
        if (!Type.IsByteString)
            throw new InvalidOperationException($"{Type} is not stored as bytes.");
        return BytesUnchecked(row);
    }

    // duckdb_string_t: a length, then up to 12 bytes in place, or a prefix of 4 and a pointer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> BytesUnchecked(int row)
    {
        const int inlineLength = 12;
        var entry = _data + (nint)row * 16;
        var length = *(int*)entry;
        return new ReadOnlySpan<byte>(length <= inlineLength ? entry + 4 : *(byte**)(entry + 8), length);
    }

    /// <summary>The text of a VARCHAR value; null for a null row.</summary>
    public string? GetString(int row) => IsValid(row) ? Encoding.UTF8.GetString(Bytes(row)) : null;

    /// <summary>
    /// LIST, MAP and ARRAY: where the elements of a row lie in the child vector. Undefined for a null row.
    /// </summary>
    /// <exception cref="InvalidOperationException">The type is another one.</exception>
    public (int Offset, int Length) ListRange(int row)
    {
        CheckRow(row);
        if (Type.Id == DuckDbTypeId.Array)
            return (row * Type.ArraySize, Type.ArraySize);
        if (Type.Id is not (DuckDbTypeId.List or DuckDbTypeId.Map))
            throw new InvalidOperationException($"{Type} has no elements.");
        var entry = ((NativeListEntry*)_data)[row];
        return ((int)entry.Offset, (int)entry.Length);
    }

    /// <summary>
    /// A child vector. LIST and ARRAY: 0, the elements. MAP: 0 the keys, 1 the values. STRUCT: the fields in order. UNION: the members in
    /// order (<see cref="UnionTag"/> says which one a row has).
    /// </summary>
    public DuckDbVector Child(int index)
    {
        ThrowIfDisposed();
        _children ??= new DuckDbVector?[Type.Children.Count];
        return _children[index] ??= OpenChild(index);
    }

    private DuckDbVector OpenChild(int index)
    {
        var type = Type.Children[index].Type;
        switch (Type.Id)
        {
            case DuckDbTypeId.List:
                return new DuckDbVector(_chunk, NativeMethods.duckdb_list_vector_get_child(_handle), type, ElementCount);
            case DuckDbTypeId.Map:
                var entries = NativeMethods.duckdb_list_vector_get_child(_handle);
                return new DuckDbVector(_chunk, NativeMethods.duckdb_struct_vector_get_child(entries, (ulong)index), type, ElementCount);
            case DuckDbTypeId.Array:
                return new DuckDbVector(_chunk, NativeMethods.duckdb_array_vector_get_child(_handle), type, Count * Type.ArraySize);
            case DuckDbTypeId.Union:
                // Child 0 holds the tags.
                return new DuckDbVector(_chunk, NativeMethods.duckdb_struct_vector_get_child(_handle, (ulong)index + 1), type, Count);
            default:
                return new DuckDbVector(_chunk, NativeMethods.duckdb_struct_vector_get_child(_handle, (ulong)index), type, Count);
        }
    }

    private int ElementCount => (int)NativeMethods.duckdb_list_vector_get_size(_handle);

    /// <summary>UNION: the index of the member that a row has. Undefined for a null row.</summary>
    public int UnionTag(int row)
    {
        CheckRow(row);
        if (Type.Id != DuckDbTypeId.Union)
            throw new InvalidOperationException($"{Type} is not a union.");
        return ((byte*)NativeMethods.duckdb_vector_get_data(NativeMethods.duckdb_struct_vector_get_child(_handle, 0)))[row];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckRow(int row)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(!_chunk.IsAlive, _chunk);
}
