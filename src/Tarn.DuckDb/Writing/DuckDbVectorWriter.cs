using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Writing;

/// <summary>
/// Fills one column of a chunk that goes into DuckDB, or the elements of a nested column. Rows may be written in any order, each once;
/// every row below the final count must be written or set to null. Not for several threads.
/// </summary>
public sealed unsafe partial class DuckDbVectorWriter
{
    private readonly nint _handle;
    private DuckDbVectorWriter?[]? _children;
    private int _elementCapacity;

    internal DuckDbVectorWriter(nint handle, DuckDbType type, int capacity)
    {
        _handle = handle;
        Type = type;
        Capacity = capacity;
    }

    /// <summary>The type of the values.</summary>
    public DuckDbType Type { get; }

    /// <summary>How many values fit; that of a list's child grows with <see cref="SetList"/>.</summary>
    public int Capacity { get; private set; }

    // Asked for each time: the memory of a list's child moves when it grows.
    private byte* Data => (byte*)NativeMethods.duckdb_vector_get_data(_handle);

    /// <summary>
    /// The memory of a fixed-width type, to be written directly; see <see cref="DuckDbVector.Values{T}"/> for the fitting types. A span
    /// of a list's child is void after the next <see cref="SetList"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The width of <typeparamref name="T"/> is not that of the stored values.</exception>
    public Span<T> Values<T>() where T : unmanaged
    {
        if (sizeof(T) != Type.StorageSize || Type.IsByteString)
            throw new InvalidOperationException($"{Type} is not written as {typeof(T).Name}.");
        return new Span<T>(Data, Capacity);
    }

    /// <summary>Makes a value null.</summary>
    public void SetNull(int row)
    {
        CheckRow(row);
        var validity = NativeMethods.duckdb_vector_get_validity(_handle);
        if (validity == null)
        {
            NativeMethods.duckdb_vector_ensure_validity_writable(_handle);
            validity = NativeMethods.duckdb_vector_get_validity(_handle);
        }
        validity[row >> 6] &= ~(1UL << (row & 63));
        // DuckDB reads the fields of a struct and the elements of an array without looking at their parent.
        if (Type.Id == DuckDbTypeId.Struct)
            for (var field = 0; field < Type.Children.Count; field++)
                Child(field).SetNull(row);
        else if (Type.Id == DuckDbTypeId.Array)
            for (var i = 0; i < Type.ArraySize; i++)
                Child(0).SetNull(row * Type.ArraySize + i);
    }

    /// <summary>Writes a VARCHAR value.</summary>
    public void SetString(int row, ReadOnlySpan<char> text)
    {
        const int stackLimit = 512;
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (length <= stackLimit)
        {
            Span<byte> bytes = stackalloc byte[stackLimit];
            Assign(row, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(length);
        Assign(row, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Writes a VARCHAR (UTF-8), BLOB, or stored form of GEOMETRY, BIT or BIGNUM; the bytes are copied.</summary>
    /// <exception cref="ArgumentException">A text is not UTF-8.</exception>
    public void SetBytes(int row, ReadOnlySpan<byte> bytes)
    {
        if (Type.Id == DuckDbTypeId.Varchar && !Utf8.IsValid(bytes))
            throw new ArgumentException($"The text for row {row} is not UTF-8; write it to a BLOB column, or decode it first.", nameof(bytes));
        Assign(row, bytes);
    }

    private void Assign(int row, ReadOnlySpan<byte> bytes)
    {
        CheckRow(row);
        if (!Type.IsByteString)
            throw new InvalidOperationException($"{Type} is not stored as bytes.");
        fixed (byte* first = bytes)
        {
            byte none;
            NativeMethods.duckdb_unsafe_vector_assign_string_element_len(_handle, (ulong)row, first == null ? &none : first, (ulong)bytes.Length);
        }
    }

    /// <summary>
    /// LIST and MAP: gives a row <paramref name="length"/> elements after those of the rows written before, and makes room for them.
    /// </summary>
    /// <returns>The index in the child vectors (<see cref="Child"/>) at which the elements are to be written.</returns>
    public int SetList(int row, int length)
    {
        CheckRow(row);
        if (Type.Id is not (DuckDbTypeId.List or DuckDbTypeId.Map))
            throw new InvalidOperationException($"{Type} has no elements of a variable number.");
        var offset = (int)NativeMethods.duckdb_list_vector_get_size(_handle);
        var size = checked(offset + length);
        Reserve(size);
        NativeMethods.duckdb_list_vector_set_size(_handle, (ulong)size);
        ((NativeListEntry*)Data)[row] = new NativeListEntry { Offset = (ulong)offset, Length = (ulong)length };
        return offset;
    }

    private void Reserve(int size)
    {
        _elementCapacity = Math.Max(_elementCapacity, DuckDbChunkWriter.MaxRows);
        if (size > _elementCapacity)
        {
            _elementCapacity = (int)Math.Min(int.MaxValue, Math.Max(size, 2L * _elementCapacity));
            NativeMethods.duckdb_list_vector_reserve(_handle, (ulong)_elementCapacity);
        }
        foreach (var child in _children ?? [])
            child?.Grow(_elementCapacity);
    }

    private void Grow(int capacity)
    {
        Capacity = capacity;
        foreach (var child in Type.Id is DuckDbTypeId.Struct or DuckDbTypeId.Union or DuckDbTypeId.Array ? _children ?? [] : [])
            child?.Grow(Type.Id == DuckDbTypeId.Array ? capacity * Type.ArraySize : capacity);
    }

    /// <summary>
    /// The writer of a child vector: elements of a LIST or ARRAY (0; an array's row r starts at r · size), keys and values of a MAP (0, 1),
    /// fields of a STRUCT, members of a UNION.
    /// </summary>
    public DuckDbVectorWriter Child(int index)
    {
        _children ??= new DuckDbVectorWriter?[Type.Children.Count];
        return _children[index] ??= OpenChild(index);
    }

    private DuckDbVectorWriter OpenChild(int index)
    {
        var type = Type.Children[index].Type;
        var elements = Math.Max(_elementCapacity, DuckDbChunkWriter.MaxRows);
        return Type.Id switch
        {
            DuckDbTypeId.List => new DuckDbVectorWriter(NativeMethods.duckdb_list_vector_get_child(_handle), type, elements),
            DuckDbTypeId.Map => new DuckDbVectorWriter(
                NativeMethods.duckdb_struct_vector_get_child(NativeMethods.duckdb_list_vector_get_child(_handle), (ulong)index), type, elements),
            DuckDbTypeId.Array => new DuckDbVectorWriter(
                NativeMethods.duckdb_array_vector_get_child(_handle), type, Capacity * Type.ArraySize),
            DuckDbTypeId.Union => new DuckDbVectorWriter(
                NativeMethods.duckdb_struct_vector_get_child(_handle, (ulong)index + 1), type, Capacity),
            _ => new DuckDbVectorWriter(NativeMethods.duckdb_struct_vector_get_child(_handle, (ulong)index), type, Capacity),
        };
    }

    /// <summary>UNION: says which member a row has; the other members of the row become null.</summary>
    public void SetUnionTag(int row, int member)
    {
        CheckRow(row);
        if (Type.Id != DuckDbTypeId.Union)
            throw new InvalidOperationException($"{Type} is not a union.");
        ((byte*)NativeMethods.duckdb_vector_get_data(NativeMethods.duckdb_struct_vector_get_child(_handle, 0)))[row] = (byte)member;
        for (var other = 0; other < Type.Children.Count; other++)
            if (other != member)
                Child(other).SetNull(row);
    }

    private void CheckRow(int row) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Capacity, nameof(row));
}
