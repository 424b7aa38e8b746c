using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb.Functions;

/// <summary>The native side of a <see cref="DuckDbScalarFunction"/>.</summary>
internal sealed unsafe class ScalarFunctionCallbacks(DuckDbScalarFunction function, CallbackFailures failures)
{
    // With ANY or variadic parameters the types are known from call to call only.
    private readonly bool _fixedTypes =
        function.VariadicParameter is null && function.Parameters.All(type => type.Id != DuckDbTypeId.Any);

    internal void Register(DuckDbConnection connection)
    {
        var native = NativeMethods.duckdb_create_scalar_function();
        try
        {
            Describe(native);
            if (NativeMethods.duckdb_register_scalar_function(connection.Handle, native) != NativeState.Success)
                throw connection.Fail(DuckDbErrorType.Catalog,
                    $"Catalog Error: the function {function.Name} cannot be registered; a function of this name and these parameters may exist.", null);
        }
        finally
        {
            NativeMethods.duckdb_destroy_scalar_function(ref native);
        }
    }

    private void Describe(nint native)
    {
        NativeMethods.duckdb_scalar_function_set_name(native, function.Name);
        foreach (var parameter in function.Parameters)
            using (var type = parameter.ToNative())
                NativeMethods.duckdb_scalar_function_add_parameter(native, type);
        if (function.VariadicParameter is not null)
            using (var type = function.VariadicParameter.ToNative())
                NativeMethods.duckdb_scalar_function_set_varargs(native, type);
        using (var type = function.ReturnType.ToNative())
            NativeMethods.duckdb_scalar_function_set_return_type(native, type);
        if (function.HandlesNulls)
            NativeMethods.duckdb_scalar_function_set_special_handling(native);
        if (function.IsVolatile)
            NativeMethods.duckdb_scalar_function_set_volatile(native);
        NativeMethods.duckdb_scalar_function_set_function(native, &Invoke);
        NativeMethods.duckdb_scalar_function_set_extra_info(native, CallbackHandle.Create(this), CallbackHandle.Destroy);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Invoke(nint info, nint input, nint output)
    {
        var callbacks = CallbackHandle.Get<ScalarFunctionCallbacks>(NativeMethods.duckdb_scalar_function_get_extra_info(info));
        try
        {
            callbacks.Run(input, output);
        }
        catch (Exception error)
        {
            NativeMethods.duckdb_scalar_function_set_error(info, callbacks.Failures.Add(error));
        }
    }

    private CallbackFailures Failures => failures;

    private void Run(nint input, nint output)
    {
        using var chunk = new DuckDbChunk(input, _fixedTypes ? function.Parameters : TypesOf(input), owned: false);
        var writer = new DuckDbVectorWriter(output, function.ReturnType, DuckDbChunkWriter.MaxRows);
        function.Body(chunk, writer);
        if (!function.HandlesNulls)
            PassNullsOn(chunk, writer);
    }

    private static DuckDbType[] TypesOf(nint chunk)
    {
        var types = new DuckDbType[NativeMethods.duckdb_data_chunk_get_column_count(chunk)];
        for (var i = 0; i < types.Length; i++)
            types[i] = DuckDbType.Take(NativeMethods.duckdb_vector_get_column_type(
                NativeMethods.duckdb_data_chunk_get_vector(chunk, (ulong)i)));
        return types;
    }

    private static void PassNullsOn(DuckDbChunk chunk, DuckDbVectorWriter writer)
    {
        for (var column = 0; column < chunk.ColumnCount; column++)
        {
            var argument = chunk[column];
            for (var row = 0; argument.MayHaveNulls && row < chunk.RowCount; row++)
                if (!argument.IsValid(row))
                    writer.SetNull(row);
        }
    }
}
