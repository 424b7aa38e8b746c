using Npgsql;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Postgres;

/// <summary>Whether the catalog still lives here: after it was moved elsewhere, nobody may go on with the copy that stays.</summary>
internal static class PostgresHome
{
    /// <summary>Looks at the row of the log.</summary>
    /// <exception cref="TarnException">InvalidRequest when the catalog was moved; DataCorrupted without the row.</exception>
    public static async ValueTask RequireAsync(NpgsqlDataReader rows, PostgresOptions options, CancellationToken cancellationToken, string? acceptedMove = null)
    {
        if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            throw TarnException.Corrupted($"The table {options.Schema}.log in PostgreSQL at {options.Display} has lost its row. Restore the database from a backup.");
        if (!await rows.IsDBNullAsync(0, cancellationToken).ConfigureAwait(false) && rows.GetString(0) != acceptedMove)
            throw TarnException.Invalid($"The catalog in PostgreSQL at {options.Display} was moved to {rows.GetString(0)}. Work with it there, or drop the schema when nothing in it is needed any more.");
    }
}
