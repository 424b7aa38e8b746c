using System.Runtime.InteropServices;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb;

public sealed unsafe partial class DuckDbConnection
{
    /// <summary>Parses and binds one statement.</summary>
    /// <exception cref="DuckDbException">The statement is wrong, or the text holds none or several.</exception>
    public DuckDbPreparedStatement Prepare(string sql, CancellationToken cancellation = default)
    {
        CheckText(sql);
        PreparedHandle handle;
        NativeState state;
        using (Interruption.Watch(Handle, cancellation))
            state = NativeMethods.duckdb_prepare(Handle, sql, out handle);
        return Finish(handle, state, sql, cancellation);
    }

    /// <summary>
    /// Parses a text of any number of statements and prepares them one by one as the caller moves on, so that a later statement may
    /// use what an earlier one creates when that one is executed first. The caller disposes each.
    /// </summary>
    /// <exception cref="DuckDbException">The text does not parse, or a statement does not bind.</exception>
    public IEnumerable<DuckDbPreparedStatement> ExtractStatements(string sql)
    {
        CheckText(sql);
        var (extracted, count) = Extract(sql);
        using (extracted)
            for (var i = 0UL; i < count; i++)
                yield return PrepareExtracted(extracted, i, sql);
    }

    /// <summary>
    /// The names of all tables that a query mentions, also in CTEs and subqueries, whether they exist or not; each once, in no order.
    /// </summary>
    /// <param name="sql">One SELECT statement.</param>
    /// <param name="qualified">True for names as written, with catalog and schema, quoted where needed; false for the last part only.</param>
    /// <exception cref="DuckDbException">The text does not parse.</exception>
    public IReadOnlyList<string> TableNames(string sql, bool qualified = true)
    {
        CheckText(sql);
        using var names = new ValueHandle(NativeMethods.duckdb_get_table_names(Handle, sql, qualified));
        if (!names.IsInvalid)
            return [.. ((object?[]?)ValueReader.Read(names) ?? []).Cast<string>()];
        Prepare(sql).Dispose();
        throw Fail(DuckDbErrorType.Parser, "Parser Error: the statement is not a query.", null);
    }

    private (ExtractedHandle Statements, ulong Count) Extract(string sql)
    {
        var count = NativeMethods.duckdb_extract_statements(Handle, sql, out var extracted);
        var error = extracted.IsInvalid ? 0 : NativeMethods.duckdb_extract_statements_error(extracted);
        if (error == 0)
            return (extracted, count);
        using (extracted)
            throw Fail(DuckDbErrorType.Invalid, Marshal.PtrToStringUTF8(error), sql);
    }

    private DuckDbPreparedStatement PrepareExtracted(ExtractedHandle extracted, ulong index, string sql)
    {
        var state = NativeMethods.duckdb_prepare_extracted_statement(Handle, extracted, index, out var handle);
        return Finish(handle, state, sql, default);
    }

    private DuckDbPreparedStatement Finish(PreparedHandle handle, NativeState state, string sql, CancellationToken cancellation)
    {
        if (state == NativeState.Success)
            return new DuckDbPreparedStatement(this, handle, sql);
        using (handle)
            throw Fail(DuckDbErrorType.Invalid, DuckDbPreparedStatement.ErrorOf(handle), sql, cancellation);
    }
}
