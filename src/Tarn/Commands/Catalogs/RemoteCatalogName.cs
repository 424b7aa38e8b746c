using System.Globalization;
using Tarn.Catalog.Hive.Clients;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Metastore.Remote.Rest;

namespace Tarn.Commands.Catalogs;

/// <summary>Another catalog as commands name it: <c>rest:URI</c> or <c>hive:HOST:PORT</c>, with the options for its warehouse and secrets, which never stand on a command line.</summary>
internal static class RemoteCatalogName
{
    private const string Rest = "rest:", Hive = "hive:";

    private static readonly OptionSpec s_warehouse = new("remote-warehouse", "NAME", "the warehouse of the other catalog (default: the one that it has for those who name none)");
    private static readonly OptionSpec s_credential = new("credential-file", "FILE", "file that holds what it lets in: OAuth2 client id and secret, or user name and password, as ID:SECRET");
    private static readonly OptionSpec s_token = new("token-file", "FILE", "file that holds a bearer token for it");
    private static readonly OptionSpec s_scope = new("scope", "SCOPE", "OAuth2 scope that tokens are asked for with (default: catalog)");

    public static IReadOnlyList<OptionSpec> Options { get; } = [s_warehouse, s_credential, s_token, s_scope];

    /// <summary>Whether the text names a Hive Metastore.</summary>
    private static bool IsHive(string text) => text.StartsWith(Hive, StringComparison.Ordinal);

    /// <summary>The metastore that a text names; with <c>--credential-file</c> by SASL PLAIN, else without proof.</summary>
    /// <exception cref="UsageException">It is no address, or the file does not hold a name and a password.</exception>
    /// <exception cref="TarnException">The file cannot be read.</exception>
    private static HiveMetastoreAddress HiveOf(string text, ParsedCommand words)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon >= Hive.Length;
        int port = HiveMetastoreAddress.DefaultPort;
        string host = hasPort ? text[Hive.Length..colon] : text[Hive.Length..];
        if (host.Length == 0 || (hasPort && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > ushort.MaxValue)))
            throw new UsageException($"'{text}' is not hive:HOST:PORT, e.g. hive:127.0.0.1:9083");
        if (words.Value(s_credential.Name) is not { } file)
            return new HiveMetastoreAddress { Host = host, Port = port };
        string[] parts = Secret(file).Split(':', 2);
        return parts.Length == 2
            ? new HiveMetastoreAddress { Host = host, Port = port, UserName = parts[0], Password = parts[1] }
            : throw new UsageException($"'{file}' does not hold NAME:PASSWORD");
    }

    /// <summary>Opens the catalog that a text names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="words">The options.</param>
    /// <param name="lake">Where the tables have their files.</param>
    /// <exception cref="UsageException">It is no address, or the options contradict each other.</exception>
    /// <exception cref="TarnException">A file with a secret cannot be read.</exception>
    public static ExternalCatalog Open(string text, ParsedCommand words, ILake lake)
    {
        if (IsHive(text))
            return ExternalCatalog.Open(new HiveCatalogOptions { Address = HiveOf(text, words) }, lake.Store);
        if (!text.StartsWith(Rest, StringComparison.Ordinal) || !Uri.TryCreate(text[Rest.Length..], UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"'{text}' is neither rest:URI with an http:// or https:// address, e.g. rest:http://127.0.0.1:8181/, nor hive:HOST:PORT{(words.Command.Name == "catalog import" ? ", nor folder:DIR" : "")}");
        string? credential = words.Value(s_credential.Name), token = words.Value(s_token.Name);
        if (credential is not null && token is not null)
            throw new UsageException($"{s_credential.Typed} and {s_token.Typed} are both given; one is enough");
        return ExternalCatalog.Open(new RestCatalogOptions
        {
            Uri = uri,
            Warehouse = words.Value(s_warehouse.Name),
            Credential = credential is null ? null : Secret(credential),
            Token = token is null ? null : Secret(token),
            Scope = words.Value(s_scope.Name) ?? "catalog",
        });
    }

    private static string Secret(string file) => Configuration.SecretText.OfFile(Path.GetFullPath(file)).Read();
}
