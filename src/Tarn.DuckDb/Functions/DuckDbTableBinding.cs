using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Functions;

/// <summary>A call of a table function while it is planned. Valid during <see cref="DuckDbTableFunction.Bind"/> only.</summary>
public sealed class DuckDbTableBinding
{
    private readonly nint _native;
    private readonly List<DuckDbType> _columns = [];

    internal DuckDbTableBinding(nint native) => _native = native;

    /// <summary>The number of positional arguments.</summary>
    public int ArgumentCount => (int)NativeMethods.duckdb_bind_get_parameter_count(_native);

    internal IReadOnlyList<DuckDbType> Columns => _columns;

    /// <summary>A positional argument, as <see cref="DuckDbVector.GetValue"/> gives its type; null for NULL.</summary>
    /// <param name="index">From 0.</param>
    public object? Argument(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)ArgumentCount, nameof(index));
        using var value = new ValueHandle(NativeMethods.duckdb_bind_get_parameter(_native, (ulong)index));
        return ValueReader.Read(value);
    }

    /// <summary>An argument given by name; null when it is not given, and for NULL.</summary>
    public object? NamedArgument(string name)
    {
        using var value = new ValueHandle(NativeMethods.duckdb_bind_get_named_parameter(_native, name));
        return value.IsInvalid ? null : ValueReader.Read(value);
    }

    /// <summary>Declares the next column.</summary>
    public void AddColumn(string name, DuckDbType type)
    {
        using var native = type.ToNative();
        NativeMethods.duckdb_bind_add_result_column(_native, name, native);
        _columns.Add(type);
    }

    /// <summary>Tells the optimizer how many rows there will be.</summary>
    public void SetCardinality(long rows, bool isExact) => NativeMethods.duckdb_bind_set_cardinality(_native, (ulong)rows, isExact);
}
