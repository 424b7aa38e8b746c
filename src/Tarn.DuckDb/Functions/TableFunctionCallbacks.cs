using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tarn.Core.Errors;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb.Functions;

/// <summary>The native side of a <see cref="DuckDbTableFunction"/>: bind, global and local initialisation, and the call that fills a chunk.</summary>
internal sealed unsafe class TableFunctionCallbacks(DuckDbTableFunction function, CallbackFailures failures)
{
    private CallbackFailures Failures => failures;

    internal void Register(DuckDbConnection connection)
    {
        var native = NativeMethods.duckdb_create_table_function();
        try
        {
            Describe(native);
            if (NativeMethods.duckdb_register_table_function(connection.Handle, native) != NativeState.Success)
                throw connection.Fail(DuckDbErrorType.Catalog,
                    $"Catalog Error: the table function {function.Name} cannot be registered; a function of this name and these parameters may exist.", null);
        }
        finally
        {
            NativeMethods.duckdb_destroy_table_function(ref native);
        }
    }

    private void Describe(nint native)
    {
        NativeMethods.duckdb_table_function_set_name(native, function.Name);
        foreach (var parameter in function.Parameters)
            using (var type = parameter.ToNative())
                NativeMethods.duckdb_table_function_add_parameter(native, type);
        foreach (var (name, parameter) in function.NamedParameters)
            using (var type = parameter.ToNative())
                NativeMethods.duckdb_table_function_add_named_parameter(native, name, type);
        NativeMethods.duckdb_table_function_supports_projection_pushdown(native, true);
        NativeMethods.duckdb_table_function_set_bind(native, &Bind);
        NativeMethods.duckdb_table_function_set_init(native, &Init);
        NativeMethods.duckdb_table_function_set_local_init(native, &InitLocal);
        NativeMethods.duckdb_table_function_set_function(native, &Fill);
        NativeMethods.duckdb_table_function_set_extra_info(native, CallbackHandle.Create(this), CallbackHandle.Destroy);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        var callbacks = CallbackHandle.Get<TableFunctionCallbacks>(NativeMethods.duckdb_bind_get_extra_info(info));
        try
        {
            callbacks.BindCore(info);
        }
        catch (Exception error)
        {
            NativeMethods.duckdb_bind_set_error(info, callbacks.Failures.Add(error));
        }
    }

    private void BindCore(nint info)
    {
        var binding = new DuckDbTableBinding(info);
        var source = function.Bind(binding);
        if (binding.Columns.Count == 0)
            throw new TarnException(ErrorKind.Internal, $"The table function {function.Name} declared no columns.");
        NativeMethods.duckdb_bind_set_bind_data(
            info, CallbackHandle.Create(new BoundSource(source, binding.Columns)), CallbackHandle.Destroy);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info)
    {
        var callbacks = CallbackHandle.Get<TableFunctionCallbacks>(NativeMethods.duckdb_init_get_extra_info(info));
        try
        {
            var bound = CallbackHandle.Get<BoundSource>(NativeMethods.duckdb_init_get_bind_data(info));
            var scan = bound.Source.Scan(bound.Columns(info).Indexes);
            NativeMethods.duckdb_init_set_max_threads(info, (ulong)Math.Max(scan.MaxThreads, 1));
            NativeMethods.duckdb_init_set_init_data(info, CallbackHandle.Create(scan), CallbackHandle.Destroy);
        }
        catch (Exception error)
        {
            NativeMethods.duckdb_init_set_error(info, callbacks.Failures.Add(error));
        }
    }

    // The scan is not reachable from here; the reader is opened by the first call that fills a chunk.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void InitLocal(nint info)
    {
        var bound = CallbackHandle.Get<BoundSource>(NativeMethods.duckdb_init_get_bind_data(info));
        NativeMethods.duckdb_init_set_init_data(
            info, CallbackHandle.Create(new ThreadReader(bound.Columns(info).Types)), CallbackHandle.Destroy);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint output)
    {
        try
        {
            var scan = CallbackHandle.Get<IDuckDbTableScan>(NativeMethods.duckdb_function_get_init_data(info));
            var reader = CallbackHandle.Get<ThreadReader>(NativeMethods.duckdb_function_get_local_init_data(info));
            reader.Fill(scan, output);
        }
        catch (Exception error)
        {
            var callbacks = CallbackHandle.Get<TableFunctionCallbacks>(NativeMethods.duckdb_function_get_extra_info(info));
            NativeMethods.duckdb_function_set_error(info, callbacks.Failures.Add(error));
        }
    }

    /// <summary>The bind data: a source and the types of its columns.</summary>
    private sealed class BoundSource(IDuckDbTableSource source, IReadOnlyList<DuckDbType> columns) : IDisposable
    {
        public IDuckDbTableSource Source => source;

        /// <summary>The columns that a scan wants. Row ids and virtual columns have numbers beyond the declared ones.</summary>
        public (int[] Indexes, DuckDbType[] Types) Columns(nint info)
        {
            var indexes = new int[NativeMethods.duckdb_init_get_column_count(info)];
            for (var i = 0; i < indexes.Length; i++)
            {
                var index = NativeMethods.duckdb_init_get_column_index(info, (ulong)i);
                indexes[i] = index < (ulong)columns.Count ? (int)index : -1;
            }
            return (indexes, [.. indexes.Select(index => index < 0 ? DuckDbType.Of(DuckDbTypeId.BigInt) : columns[index])]);
        }

        public void Dispose() => (source as IDisposable)?.Dispose();
    }

    /// <summary>The local state of one thread.</summary>
    private sealed class ThreadReader(IReadOnlyList<DuckDbType> types) : IDisposable
    {
        private IDuckDbTableReader? _reader;

        public void Fill(IDuckDbTableScan scan, nint output)
        {
            _reader ??= scan.OpenReader();
            var writer = new DuckDbChunkWriter(output, types);
            writer.SetRowCount(_reader.Read(writer));
        }

        public void Dispose() => (_reader as IDisposable)?.Dispose();
    }
}
