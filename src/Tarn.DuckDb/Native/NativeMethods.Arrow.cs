using System.Runtime.InteropServices;

namespace Tarn.DuckDb.Native;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeState duckdb_arrow_scan(ConnectionHandle connection, string table_name, NativeArrowStream* arrow);
}
