using System.Runtime.InteropServices;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

/// <summary>
/// A statement that is parsed and bound once. Parameters are written <c>?</c> or <c>$1</c> (numbered from 1) or <c>$name</c>. Used by
/// one thread at a time, the thread of its connection.
/// </summary>
public sealed unsafe class DuckDbPreparedStatement : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly PreparedHandle _handle;
    private DuckDbColumn[]? _columns;

    internal DuckDbPreparedStatement(DuckDbConnection connection, PreparedHandle handle, string? sql)
    {
        _connection = connection;
        _handle = handle;
        Sql = sql;
        ParameterCount = (int)NativeMethods.duckdb_nparams(handle);
        StatementType = NativeMethods.duckdb_prepared_statement_type(handle);
    }

    /// <summary>The text of the statement; null for one that was extracted from several.</summary>
    public string? Sql { get; }

    /// <summary>What the statement does.</summary>
    public DuckDbStatementType StatementType { get; }

    /// <summary>The number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The columns that the statement will give, without executing it. A type can be unknown until its parameters are bound.</summary>
    public IReadOnlyList<DuckDbColumn> Columns => _columns ??= ReadColumns();

    private DuckDbColumn[] ReadColumns()
    {
        var columns = new DuckDbColumn[NativeMethods.duckdb_prepared_statement_column_count(_handle)];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new DuckDbColumn(
                NativeMethods.TakeString(NativeMethods.duckdb_prepared_statement_column_name(_handle, (ulong)i)) ?? "",
                DuckDbType.Take(NativeMethods.duckdb_prepared_statement_column_logical_type(_handle, (ulong)i)));
        return columns;
    }

    /// <summary>The name of a parameter (its number, for <c>?</c>).</summary>
    /// <param name="index">From 1.</param>
    public string ParameterName(int index)
    {
        CheckIndex(index);
        return NativeMethods.TakeString(NativeMethods.duckdb_parameter_name(_handle, (ulong)index)) ?? "";
    }

    /// <summary>The type that the statement expects of a parameter; null while it is not known.</summary>
    /// <param name="index">From 1.</param>
    public DuckDbType? ParameterType(int index)
    {
        CheckIndex(index);
        var type = NativeMethods.duckdb_param_logical_type(_handle, (ulong)index);
        return type == 0 ? null : DuckDbType.Take(type);
    }

    /// <summary>Sets a parameter by its number. See <see cref="DuckDbValue"/> for the objects that are taken.</summary>
    /// <param name="index">From 1.</param>
    /// <param name="value">The value; null for NULL.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the object's type has no SQL form.</exception>
    public void Bind(int index, object? value)
    {
        CheckIndex(index);
        using var native = DuckDbValue.Create(value);
        if (NativeMethods.duckdb_bind_value(_handle, (ulong)index, native.Value) != NativeState.Success)
            throw new ArgumentException($"Parameter {index} cannot be bound to a {value?.GetType().Name ?? "NULL"}.", nameof(value));
    }

    /// <summary>Sets a parameter by its name, without <c>$</c>, ignoring case.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or the object's type has no SQL form.</exception>
    public void Bind(string name, object? value)
    {
        if (NativeMethods.duckdb_bind_parameter_index(_handle, out var index, name) != NativeState.Success)
            throw new ArgumentException(
                $"The statement has no parameter '{name}'; it has: {string.Join(", ", Enumerable.Range(1, ParameterCount).Select(ParameterName))}.",
                nameof(name));
        Bind((int)index, value);
    }

    /// <summary>Sets all parameters in order.</summary>
    public void BindAll(params IReadOnlyList<object?> values)
    {
        for (var i = 0; i < values.Count; i++)
            Bind(i + 1, values[i]);
    }

    /// <summary>Forgets all bound values.</summary>
    public void ClearBindings() => NativeMethods.duckdb_clear_bindings(_handle);

    /// <summary>Runs the statement and drops its rows.</summary>
    /// <returns>The number of changed rows; 0 for statements that change none.</returns>
    /// <inheritdoc cref="DuckDbConnection.Execute"/>
    public long Execute(CancellationToken cancellation = default)
    {
        using var result = Query(cancellation);
        return result.RowsChanged;
    }

    /// <summary>Runs the statement and holds its rows in memory. It can be run again at once.</summary>
    /// <inheritdoc cref="DuckDbConnection.Query"/>
    public DuckDbResult Query(CancellationToken cancellation = default)
    {
        var result = new ResultHandle();
        NativeState state;
        using (Interruption.Watch(_connection.Handle, cancellation))
            state = NativeMethods.duckdb_execute_prepared(_handle, result.Pointer);
        return _connection.Finish(result, state, Sql, cancellation);
    }

    /// <summary>Runs the statement and hands out its rows while it runs. The statement may be disposed before the result.</summary>
    /// <inheritdoc cref="DuckDbConnection.Stream"/>
    public DuckDbResult Stream(CancellationToken cancellation = default)
    {
        var result = new ResultHandle();
        NativeState state;
        using (Interruption.Watch(_connection.Handle, cancellation))
            state = NativeMethods.duckdb_execute_prepared_streaming(_handle, result.Pointer);
        return _connection.Finish(result, state, Sql, cancellation);
    }

    /// <summary>Frees the statement.</summary>
    public void Dispose() => _handle.Dispose();

    private void CheckIndex(int index)
    {
        if (index < 1 || index > ParameterCount)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The statement has the parameters 1 to {ParameterCount}.");
    }

    /// <summary>DuckDB's message for a statement that does not prepare.</summary>
    internal static string? ErrorOf(PreparedHandle handle) =>
        handle.IsInvalid ? null : Marshal.PtrToStringUTF8(NativeMethods.duckdb_prepare_error(handle));
}
