using Npgsql;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Postgres;

/// <summary>Which PostgreSQL, and how long it is waited for.</summary>
public sealed record PostgresOptions
{
    /// <summary>Schema that is used without another name.</summary>
    public const string DefaultSchema = "tarn";

    private const int MostSchemaChars = 63; // NAMEDATALEN - 1

    private readonly NpgsqlConnectionStringBuilder _connection;

    private PostgresOptions(NpgsqlConnectionStringBuilder connection, string schema) => (_connection, Schema) = (connection, schema);

    /// <summary>The schema that holds the log.</summary>
    public string Schema { get; }

    /// <summary>How long a PostgreSQL that does not answer is tried again, when nothing was sent yet.</summary>
    public TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a commit whose answer was lost is looked for, before its outcome is called unknown.</summary>
    public TimeSpan RepairPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a commit waits for another process that is committing.</summary>
    public TimeSpan TurnTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After how much silence PostgreSQL ends the turn of a process that hangs, or whose machine is gone.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Host, port, database and schema, without user and password.</summary>
    public string Display => $"{_connection.Host}:{_connection.Port}/{_connection.Database} schema {Schema}";

    internal string ConnectionString => _connection.ConnectionString;

    internal bool HasManyHosts => _connection.Host!.Contains(',', StringComparison.Ordinal);

    /// <summary>Reads <c>postgres://USER@HOST:PORT/DATABASE?sslmode=…</c> or <c>Host=…;Username=…;Database=…</c>.</summary>
    /// <param name="text">Where it is. Without a password there, <c>PGPASSWORD</c>, <c>PGPASSFILE</c> and <c>~/.pgpass</c> give it.</param>
    /// <param name="schema">The schema that holds the log: 1 to 63 lower-case letters, digits and <c>_</c>, beginning with a letter.</param>
    /// <exception cref="TarnException">InvalidRequest; the message does not repeat the text, which may hold a password.</exception>
    public static PostgresOptions Parse(string text, string schema = DefaultSchema)
    {
        RequireSchema(schema);
        var connection = PostgresAddress.Parse(text);
        if (string.IsNullOrEmpty(connection.Host))
            throw TarnException.Invalid($"The PostgreSQL connection names no host. Write {PostgresAddress.Forms}.");
        connection.Database ??= connection.Username ?? Environment.GetEnvironmentVariable("PGDATABASE") ?? "postgres";
        SetUnlessGiven(connection, "Application Name", c => c.ApplicationName = "tarn");
        SetUnlessGiven(connection, "Maximum Pool Size", c => c.MaxPoolSize = 8);
        SetUnlessGiven(connection, "Timeout", c => c.Timeout = 5);
        SetUnlessGiven(connection, "Keepalive", c => c.KeepAlive = 30);
        // Nothing is ever set for longer than a transaction, so there is nothing to reset.
        connection.NoResetOnClose = true;
        connection.Enlist = false;
        connection.PersistSecurityInfo = false;
        connection.IncludeErrorDetail = false;
        return new PostgresOptions(connection, schema);
    }

    /// <exception cref="TarnException">InvalidRequest for a name that no schema of Tarn has.</exception>
    public static void RequireSchema(string schema)
    {
        bool isName = schema.Length is > 0 and <= MostSchemaChars && char.IsAsciiLetterLower(schema[0])
            && schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') && !schema.StartsWith("pg_", StringComparison.Ordinal);
        if (!isName)
            throw TarnException.Invalid($"'{schema}' cannot be the schema of the metastore: it has 1 to {MostSchemaChars} lower-case letters, digits and '_', begins with a letter, and not with pg_.");
    }

    /// <inheritdoc/>
    public override string ToString() => Display;

    private static void SetUnlessGiven(NpgsqlConnectionStringBuilder connection, string key, Action<NpgsqlConnectionStringBuilder> set)
    {
        if (!connection.ShouldSerialize(key))
            set(connection);
    }
}
