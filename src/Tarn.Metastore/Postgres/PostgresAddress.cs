using System.Collections.Frozen;
using Npgsql;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Postgres;

/// <summary>A connection as URI (PostgreSQL 15 documentation, 34.1.1.2) or as Npgsql's pairs of keys and values.</summary>
internal static class PostgresAddress
{
    public const string Forms = "postgres://USER@HOST:PORT/DATABASE or Host=…;Username=…;Database=…";

    private static readonly FrozenDictionary<string, string> s_parameters = new Dictionary<string, string>
    {
        ["host"] = "Host",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["passfile"] = "Passfile",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["options"] = "Options",
    }.ToFrozenDictionary();

    /// <exception cref="TarnException">InvalidRequest; the message does not repeat the text.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            return text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal)
                ? OfUri(text)
                : new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException error)
        {
            string where = error.ParamName is { Length: > 0 } name ? $" (at '{name}')" : "";
            throw TarnException.Invalid($"The PostgreSQL connection is malformed{where}. Write {Forms}; the text is not repeated here because it may hold a password.");
        }
    }

    private static NpgsqlConnectionStringBuilder OfUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0)
            throw TarnException.Invalid($"The PostgreSQL connection is no URI. Write {Forms} (several hosts only in the second form), with %-escapes for '@', ':', '/' and '#' in user and password.");
        var connection = new NpgsqlConnectionStringBuilder { Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort };
        if (uri.Host.Length > 0)
            connection.Host = uri.Host;
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            connection.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            connection.Password = Uri.UnescapeDataString(user[1]);
        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
            connection.Database = Uri.UnescapeDataString(database);
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            Set(connection, pair);
        return connection;
    }

    private static void Set(NpgsqlConnectionStringBuilder connection, string pair)
    {
        string[] parts = pair.Split('=', 2);
        if (parts.Length != 2 || !s_parameters.TryGetValue(parts[0], out string? key))
            throw TarnException.Invalid($"The PostgreSQL connection has a parameter '{parts[0]}' that is not known here; known are {string.Join(", ", s_parameters.Keys.Order(StringComparer.Ordinal))}.");
        string value = Uri.UnescapeDataString(parts[1]);
        connection[key] = parts[0] == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
    }
}
