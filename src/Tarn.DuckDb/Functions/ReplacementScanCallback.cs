using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb.Functions;

/// <summary>A call of a table function that stands for a table name that DuckDB does not know.</summary>
/// <param name="Function">The name of a table function.</param>
/// <param name="Arguments">Its positional arguments; see <see cref="DuckDbValue"/>.</param>
public sealed record DuckDbReplacement(string Function, params IReadOnlyList<object?> Arguments);

/// <summary>The native side of a replacement scan.</summary>
internal sealed unsafe class ReplacementScanCallback(Func<string, DuckDbReplacement?> resolve, CallbackFailures failures)
{
    internal void Register(DatabaseHandle database) =>
        NativeMethods.duckdb_add_replacement_scan(database, &Invoke, CallbackHandle.Create(this), CallbackHandle.Destroy);

    private CallbackFailures Failures => failures;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Invoke(nint info, nint tableName, nint data)
    {
        var callback = CallbackHandle.Get<ReplacementScanCallback>(data);
        try
        {
            callback.Run(info, Marshal.PtrToStringUTF8(tableName) ?? "");
        }
        catch (Exception error)
        {
            NativeMethods.duckdb_replacement_scan_set_error(info, callback.Failures.Add(error));
        }
    }

    private void Run(nint info, string tableName)
    {
        if (resolve(tableName) is not { } replacement)
            return;
        NativeMethods.duckdb_replacement_scan_set_function_name(info, replacement.Function);
        foreach (var argument in replacement.Arguments)
            using (var value = DuckDbValue.Create(argument))
                NativeMethods.duckdb_replacement_scan_add_parameter(info, value.Value);
    }
}
