using System.Runtime.InteropServices;

namespace Tarn.DuckDb.Native;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial nint duckdb_get_profiling_info(ConnectionHandle connection);

    [LibraryImport(Library)]
    internal static partial nint duckdb_profiling_info_get_metrics(nint info);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_profiling_info_get_child_count(nint info);

    [LibraryImport(Library)]
    internal static partial nint duckdb_profiling_info_get_child(nint info, ulong index);
}
