using System.Runtime.InteropServices;

namespace Tarn.DuckDb.Native;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeState duckdb_prepare(ConnectionHandle connection, string query, out PreparedHandle statement);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_prepare(ref nint statement);

    [LibraryImport(Library)]
    internal static partial nint duckdb_prepare_error(PreparedHandle statement);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_nparams(PreparedHandle statement);

    [LibraryImport(Library)]
    internal static partial nint duckdb_parameter_name(PreparedHandle statement, ulong index);

    [LibraryImport(Library)]
    internal static partial nint duckdb_param_logical_type(PreparedHandle statement, ulong index);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_clear_bindings(PreparedHandle statement);

    [LibraryImport(Library)]
    internal static partial DuckDbStatementType duckdb_prepared_statement_type(PreparedHandle statement);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_prepared_statement_column_count(PreparedHandle statement);

    [LibraryImport(Library)]
    internal static partial nint duckdb_prepared_statement_column_name(PreparedHandle statement, ulong column);

    [LibraryImport(Library)]
    internal static partial nint duckdb_prepared_statement_column_logical_type(PreparedHandle statement, ulong column);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_value(PreparedHandle statement, ulong index, nint value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeState duckdb_bind_parameter_index(PreparedHandle statement, out ulong index, string name);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_execute_prepared(PreparedHandle statement, NativeResult* result);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_execute_prepared_streaming(PreparedHandle statement, NativeResult* result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ulong duckdb_extract_statements(ConnectionHandle connection, string query, out ExtractedHandle statements);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_prepare_extracted_statement(
        ConnectionHandle connection, ExtractedHandle statements, ulong index, out PreparedHandle statement);

    [LibraryImport(Library)]
    internal static partial nint duckdb_extract_statements_error(ExtractedHandle statements);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_extracted(ref nint statements);
}
