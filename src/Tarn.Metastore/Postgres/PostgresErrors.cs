using System.Net.Sockets;
using Npgsql;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Postgres;

/// <summary>What an error of PostgreSQL, or of the way to it, means (PostgreSQL 15 documentation, appendix A).</summary>
internal static class PostgresErrors
{
    /// <summary>What the user must be allowed.</summary>
    public const string NeededRights = "The user needs to own the schema, or CREATE on the database to make it.";

    /// <summary>Whether the connection is gone, or never was there, and another one may work: what was sent may or may not have happened.</summary>
    public static bool IsLost(Exception error) => error switch
    {
        PostgresException { SqlState: var state } when state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal) => false,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => true,
        PostgresException { InvariantSeverity: "FATAL" or "PANIC" } => true,
        PostgresException => false,
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } => false,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => true,
        NpgsqlException npgsql => npgsql.IsTransient,
        IOException or TimeoutException => true,
        SocketException socket => socket.SocketErrorCode != SocketError.HostNotFound,
        _ => false,
    };

    /// <summary>Whether it comes from PostgreSQL or the way to it.</summary>
    public static bool IsOfStore(Exception error) => error is NpgsqlException or IOException or TimeoutException or SocketException;

    /// <summary>The error as the catalog's callers know it, for something that certainly did not happen.</summary>
    /// <param name="error">The error.</param>
    /// <param name="what">What did not happen.</param>
    /// <param name="options">Which store.</param>
    /// <param name="again">What to do when the error itself does not say more.</param>
    public static TarnException Translate(Exception error, string what, PostgresOptions options, string again = "Nothing was changed; try again.") => new(
        KindOf(error),
        $"{what} in PostgreSQL at {options.Display}: {TextOf(error)} {NextStep(error, again)}",
        error);

    /// <summary>What PostgreSQL said, in its own words.</summary>
    public static string TextOf(Exception error) => error switch
    {
        PostgresException postgres => $"{postgres.MessageText} ({postgres.SqlState}).",
        { InnerException: { } inner } => $"{error.Message.TrimEnd('.')}. {inner.Message.TrimEnd('.')}.",
        _ => error.Message,
    };

    private static ErrorKind KindOf(Exception error) => error is PostgresException postgres
        ? postgres.SqlState switch
        {
            PostgresErrorCodes.InsufficientPrivilege => ErrorKind.PermissionDenied,
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.ConfigurationLimitExceeded => ErrorKind.ResourceExhausted,
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => ErrorKind.DataCorrupted,
            _ => ErrorKind.Unavailable,
        }
        : ErrorKind.Unavailable;

    private static string NextStep(Exception error, string again) => error is PostgresException postgres
        ? postgres.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "Look at user and password (PGPASSWORD, passfile) and at pg_hba.conf.",
            PostgresErrorCodes.InvalidCatalogName => "Create the database first.",
            PostgresErrorCodes.InsufficientPrivilege => NeededRights,
            PostgresErrorCodes.LockNotAvailable => "Another process has been committing for too long; try again, and look at pg_stat_activity.",
            PostgresErrorCodes.ReadOnlySqlTransaction => "This server only reads; name the primary.",
            _ => again,
        }
        : $"Look whether the server runs and can be reached. {again}";
}
