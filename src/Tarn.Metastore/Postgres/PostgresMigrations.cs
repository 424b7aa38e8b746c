using System.Globalization;
using Npgsql;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Postgres;

/// <summary>
/// The versions of the schema. Each is an SQL file of this assembly, applied once and in order, all that are missing in one transaction under a lock, and
/// recorded in the table <c>migrations</c>. Files are never changed once released.
/// </summary>
internal static class PostgresMigrations
{
    private const string Prefix = "Tarn.Metastore.Postgres.";

    /// <summary>The oldest server whose functions the statements use.</summary>
    private const int OldestServer = 130000;

    /// <summary>All of them: number and name.</summary>
    public static IReadOnlyList<(int Number, string Name)> All { get; } =
    [
        .. typeof(PostgresMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^".sql".Length])
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture), name)),
    ];

    /// <summary>The version that this program works with.</summary>
    public static int Newest => All[^1].Number;

    /// <summary>Brings the schema to the newest version, making it when there is none.</summary>
    /// <exception cref="TarnException">Unsupported for a newer schema, another encoding, or a server that is too old; Unavailable for one that only reads.</exception>
    public static async Task ApplyAsync(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancellationToken)
    {
        await RequireServerAsync(connection, options, cancellationToken).ConfigureAwait(false);
        if (await VersionAsync(connection, options, cancellationToken).ConfigureAwait(false) < Newest)
            await ApplyAsync(connection, options, Newest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What <see cref="ApplyAsync(NpgsqlConnection, PostgresOptions, CancellationToken)"/> would refuse, as far as it can be known beforehand. Changes nothing.</summary>
    /// <returns>Whether there is a schema of any version.</returns>
    /// <exception cref="TarnException">As there; PermissionDenied when the user may not make or write what is needed.</exception>
    public static async Task<bool> LookAsync(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancellationToken)
    {
        await RequireServerAsync(connection, options, cancellationToken).ConfigureAwait(false);
        int version = await VersionAsync(connection, options, cancellationToken).ConfigureAwait(false);
        bool isAllowed = await ScalarAsync(connection, version == Newest ? MayWrite(options) : MayCreate(options), cancellationToken).ConfigureAwait(false) is true;
        return isAllowed
            ? version > 0
            : throw new TarnException(
                ErrorKind.PermissionDenied,
                $"The user may not {(version == Newest ? "write the tables" : "make what is needed")} in PostgreSQL at {options.Display}. {PostgresErrors.NeededRights}");
    }

    // A CASE asks only one of the two: the rights on a schema that is not there cannot be asked for.
    private static string MayCreate(PostgresOptions options) =>
        $"""
        SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '{options.Schema}')
            THEN has_schema_privilege('{options.Schema}', 'CREATE') ELSE has_database_privilege(current_database(), 'CREATE') END
        """;

    private static string MayWrite(PostgresOptions options) =>
        $"""
        SELECT has_table_privilege('{options.Schema}.log', 'UPDATE') AND has_table_privilege('{options.Schema}.commits', 'INSERT')
            AND has_table_privilege('{options.Schema}.checkpoints', 'INSERT') AND has_table_privilege('{options.Schema}.checkpoints', 'UPDATE')
            AND has_table_privilege('{options.Schema}.checkpoints', 'DELETE')
        """;

    /// <summary>Brings the schema to some version.</summary>
    internal static async Task ApplyAsync(NpgsqlConnection connection, PostgresOptions options, int to, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock(hashtextextended('tarn migrations {options.Schema}', 0))", cancellationToken).ConfigureAwait(false);
        int from = await VersionAsync(connection, options, cancellationToken).ConfigureAwait(false);
        if (from == 0)
            await CreateAsync(connection, options, cancellationToken).ConfigureAwait(false);
        foreach (var (number, name) in All.Where(m => m.Number > from && m.Number <= to))
        {
            await ExecuteAsync(connection, TextOf(name).Replace("{schema}", options.Schema, StringComparison.Ordinal), cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(connection, $"INSERT INTO {options.Schema}.migrations (number, name) VALUES ({number}, '{name}')", cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The version of the schema; 0 when there is none.</summary>
    /// <exception cref="TarnException">Unsupported for a newer one.</exception>
    internal static async Task<int> VersionAsync(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancellationToken)
    {
        // Not to_regclass: it may still remember from before the lock that there was no such table.
        bool isThere = await ScalarAsync(
            connection,
            $"SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{options.Schema}' AND c.relname = 'migrations')",
            cancellationToken).ConfigureAwait(false) is true;
        if (!isThere)
            return 0;
        int version = (int)(await ScalarAsync(connection, $"SELECT coalesce(max(number), 0) FROM {options.Schema}.migrations", cancellationToken).ConfigureAwait(false))!;
        return version <= Newest
            ? version
            : throw TarnException.Unsupported($"The metastore in PostgreSQL at {options.Display} has version {version}, and this program knows version {Newest}: use the newer Tarn that made it, on every server that works with it.");
    }

    private static async Task RequireServerAsync(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), pg_is_in_recovery()", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (reader.GetInt32(0) < OldestServer)
            throw TarnException.Unsupported($"PostgreSQL at {options.Display} has version {reader.GetInt32(0) / 10000}; the metastore needs {OldestServer / 10000} or newer.");
        if (reader.GetString(1) != "UTF8")
            throw TarnException.Unsupported($"The database at {options.Display} has the encoding {reader.GetString(1)}; create one with ENCODING 'UTF8' for the metastore.");
        if (reader.GetBoolean(2))
            throw new TarnException(ErrorKind.Unavailable, $"PostgreSQL at {options.Display} is a standby, which may be behind; name the primary.");
    }

    // The user may own a schema that somebody else made for it, without the right to make another.
    private static async Task CreateAsync(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, $"SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '{options.Schema}')", cancellationToken).ConfigureAwait(false) is true)
            await ExecuteAsync(connection, $"CREATE SCHEMA {options.Schema}", cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            connection,
            $"CREATE TABLE {options.Schema}.migrations (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
            cancellationToken).ConfigureAwait(false);
    }

    private static string TextOf(string name)
    {
        using var reader = new StreamReader(typeof(PostgresMigrations).Assembly.GetManifestResourceStream($"{Prefix}{name}.sql")!);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }
}
