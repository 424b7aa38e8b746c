using Npgsql;
using Tarn.Core.Errors;
using Tarn.Metastore.Moving;

namespace Tarn.Metastore.Postgres;

/// <summary>Whether the catalog lives here: nobody may go on with a copy that stays, or with one that is not finished.</summary>
internal static class PostgresHome
{
    /// <summary>Looks at the row of the log.</summary>
    /// <exception cref="TarnException">InvalidRequest when the catalog lives elsewhere; DataCorrupted without the row.</exception>
    public static async ValueTask RequireAsync(NpgsqlDataReader rows, PostgresOptions options, CancellationToken cancellationToken)
    {
        if (await ReadAsync(rows, options, cancellationToken).ConfigureAwait(false) is { } mark)
            throw Away(mark, options);
    }

    /// <summary>Where the catalog is; null when it is here.</summary>
    /// <exception cref="TarnException">DataCorrupted without the row.</exception>
    public static async ValueTask<MoveMark?> ReadAsync(NpgsqlDataReader rows, PostgresOptions options, CancellationToken cancellationToken) =>
        await rows.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? MoveMark.Parse(await rows.IsDBNullAsync(0, cancellationToken).ConfigureAwait(false) ? null : rows.GetString(0))
            : throw TarnException.Corrupted($"The table {options.Schema}.log in PostgreSQL at {options.Display} has lost its row. Restore the database from a backup.");

    /// <summary>What is said to who asks for the catalog that lives elsewhere.</summary>
    public static TarnException Away(MoveMark mark, PostgresOptions options) => mark.IsUnfinished
        ? new TarnException(
            ErrorKind.InvalidRequest,
            $"The catalog is being moved from {mark.Place} to PostgreSQL at {options.Display}, and the move is not finished. Finish it where that folder is: {MoveMark.CommandTo(mark.Place)}\n"
            + $"Until then the folder has everything; if the move is given up, drop the schema {options.Schema}.")
        {
            ClientMessage = "The catalog of this server is being moved, and the move is not finished. Its administrator has to finish it.",
        }
        : TarnException.Invalid($"The catalog in PostgreSQL at {options.Display} was moved to {mark.Place}. Work with it there, or drop the schema when nothing in it is needed any more.");
}
