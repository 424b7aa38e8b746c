using System.Runtime.InteropServices;

namespace Tarn.DuckDb.Native;

/// <summary>
/// DuckDB's C API, one file per section of <c>duckdb.h</c>. Names, argument order and ownership are those of the header.
/// Calls that only read a field suppress the GC transition; everything that may run a query, allocate or block does not.
/// </summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = NativeLibraryLocation.ImportName;

    /// <summary>Copies text that the library allocated and frees the original; null stays null.</summary>
    internal static string? TakeString(nint text)
    {
        if (text == 0)
            return null;
        var copy = Marshal.PtrToStringUTF8(text);
        duckdb_free(text);
        return copy;
    }
}
