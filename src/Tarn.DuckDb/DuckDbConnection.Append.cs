using Tarn.DuckDb.Native;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb;

public sealed unsafe partial class DuckDbConnection
{
    /// <summary>Opens an appender for a table.</summary>
    /// <param name="table">The name of the table, not quoted.</param>
    /// <param name="schema">Its schema; null for <c>main</c>.</param>
    /// <param name="catalog">Its database; null for the current one.</param>
    /// <exception cref="DuckDbException">There is no such table.</exception>
    public DuckDbAppender OpenAppender(string table, string? schema = null, string? catalog = null)
    {
        if (NativeMethods.duckdb_appender_create_ext(Handle, catalog, schema, table, out var appender) == NativeState.Success)
            return new DuckDbAppender(this, appender);
        using (appender)
            throw FailAppender(appender, table);
    }

    private Exception FailAppender(AppenderHandle appender, string table)
    {
        if (appender.IsInvalid)
            return Fail(DuckDbErrorType.Catalog, $"Catalog Error: table '{table}' cannot be appended to.", sql: null);
        var error = NativeMethods.duckdb_appender_error_data(appender);
        try
        {
            return Fail(
                NativeMethods.duckdb_error_data_error_type(error),
                System.Runtime.InteropServices.Marshal.PtrToStringUTF8(NativeMethods.duckdb_error_data_message(error)),
                sql: null);
        }
        finally
        {
            NativeMethods.duckdb_destroy_error_data(ref error);
        }
    }
}
