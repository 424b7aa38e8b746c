using System.Runtime.InteropServices;

namespace Tarn.DuckDb.Native;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial void duckdb_add_replacement_scan(
        DatabaseHandle database,
        delegate* unmanaged[Cdecl]<nint, nint, nint, void> replacement,
        nint data,
        delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void duckdb_replacement_scan_set_function_name(nint info, string name);

    [LibraryImport(Library)]
    internal static partial void duckdb_replacement_scan_add_parameter(nint info, nint parameter);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void duckdb_replacement_scan_set_error(nint info, string error);
}
