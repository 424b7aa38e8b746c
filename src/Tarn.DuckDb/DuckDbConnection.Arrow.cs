using System.Globalization;
using Tarn.DuckDb.Arrow;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb;

public sealed unsafe partial class DuckDbConnection
{
    /// <summary>
    /// Writes the rows of a stream to a file, in their order: <c>COPY … TO 'path' (options)</c>. Several threads write, a batch each, so batches of
    /// the size of a row group are the cheapest. Not inside of a transaction.
    /// </summary>
    /// <param name="rows">The rows; all of them are read.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">The options of COPY, separated by commas; text from outside must be quoted.</param>
    /// <param name="cancellation">Stops the statement.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="DuckDbException">The statement failed; what is of the file is no complete one.</exception>
    /// <exception cref="OperationCanceledException">The statement was interrupted.</exception>
    public long CopyArrow(IArrowStream rows, string path, string options, CancellationToken cancellation = default)
    {
        using var exported = new ExportedStream(rows);
        // DuckDB sees the stream as a view, which must be read without conditions and with all columns: it leaves both to the stream.
        var view = string.Create(CultureInfo.InvariantCulture, $"arrow_stream_{(nint)exported.Native:x}");
        if (NativeMethods.duckdb_arrow_scan(Handle, view, exported.Native) != NativeState.Success)
            throw Fail(DuckDbErrorType.InvalidInput, "Invalid Input Error: DuckDB refuses the columns of an Arrow stream; a format string is not one that it knows.", null, cancellation);
        try
        {
            return Execute($"COPY {view} TO '{path.Replace("'", "''", StringComparison.Ordinal)}' ({options})", cancellation);
        }
        catch (DuckDbException)
        {
            exported.ThrowFailure();
            throw;
        }
        finally
        {
            // An instance that refuses everything keeps its first error.
            if (!Database.IsInvalidated)
                Execute($"DROP VIEW {view}", CancellationToken.None);
        }
    }
}
