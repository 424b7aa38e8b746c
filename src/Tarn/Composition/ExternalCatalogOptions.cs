using Tarn.Catalog.Hive.Clients;
using Tarn.Commands;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Metastore.Remote.Rest;

namespace Tarn.Composition;

/// <summary>Which catalog outside of Tarn: one of both kinds.</summary>
/// <param name="Rest">An Iceberg REST catalog, or null.</param>
/// <param name="Hive">A Hive Metastore, or null.</param>
internal sealed record ExternalCatalogOptions(RestCatalogOptions? Rest, HiveCatalogOptions? Hive)
{
    /// <summary>The name that it has here.</summary>
    public string Name => Rest?.Name ?? Hive!.Name;

    /// <summary>Adds to the problems of a configuration what is wrong between the keys of catalogs elsewhere, and with the files of their secrets.</summary>
    public static void Check(TarnConfiguration configuration)
    {
        var rest = configuration.Get(ConfigurationKeys.CatalogRestUri);
        var hive = configuration.Get(ConfigurationKeys.CatalogHiveUri);
        if (rest is not null && hive is not null)
            configuration.Add(ConfigurationKeys.CatalogHiveUri, $"{ConfigurationKeys.CatalogRestUri.Path} is set, too, and commands work on one catalog; remove one");
        if (configuration.Get(ConfigurationKeys.CatalogRestToken) is not null && configuration.Get(ConfigurationKeys.CatalogRestCredential) is not null)
            configuration.Add(ConfigurationKeys.CatalogRestToken, $"{ConfigurationKeys.CatalogRestCredential.Path} is set, too, and a catalog is asked with a token, or with tokens that the credential gets; remove one");
        if (rest is not null)
        {
            Read(configuration, ConfigurationKeys.CatalogRestToken);
            Read(configuration, ConfigurationKeys.CatalogRestCredential);
        }

        if (hive is not null && Read(configuration, ConfigurationKeys.CatalogHiveCredential)?.Contains(':', StringComparison.Ordinal) == false)
            configuration.Add(ConfigurationKeys.CatalogHiveCredential, "is not of the form NAME:PASSWORD");
    }

    /// <summary>The catalog of a configuration, or null when it names none.</summary>
    /// <param name="configuration">One in which <see cref="Check"/> found nothing.</param>
    /// <exception cref="TarnException">The file of a secret cannot be read.</exception>
    public static ExternalCatalogOptions? Of(TarnConfiguration configuration)
    {
        var rest = configuration.Get(ConfigurationKeys.CatalogRestUri);
        var hive = configuration.Get(ConfigurationKeys.CatalogHiveUri);
        return rest is not null ? new(RestOf(rest, configuration), null) : hive is not null ? new(null, HiveOf(hive, configuration)) : null;
    }

    private static string? Read(TarnConfiguration configuration, ConfigurationKey<SecretText> key)
    {
        try
        {
            return configuration.Get(key)?.Read();
        }
        catch (TarnException error)
        {
            configuration.Add(key, error.Message.TrimEnd('.'));
            return null;
        }
    }

    private static RestCatalogOptions RestOf(Uri uri, TarnConfiguration configuration) => new()
    {
        Uri = uri,
        Name = TableName.Catalog,
        Warehouse = configuration.Get(ConfigurationKeys.CatalogRestWarehouse),
        Token = configuration.Get(ConfigurationKeys.CatalogRestToken)?.Read(),
        Credential = configuration.Get(ConfigurationKeys.CatalogRestCredential)?.Read(),
        Scope = configuration.Get(ConfigurationKeys.CatalogRestScope),
        OAuth2ServerUri = configuration.Get(ConfigurationKeys.CatalogRestOAuth2ServerUri),
    };

    private static HiveCatalogOptions HiveOf(Uri uri, TarnConfiguration configuration)
    {
        string[]? credential = configuration.Get(ConfigurationKeys.CatalogHiveCredential)?.Read().Split(':', 2);
        return new HiveCatalogOptions
        {
            Address = new HiveMetastoreAddress { Host = uri.Host, Port = uri.Port > 0 ? uri.Port : HiveMetastoreAddress.DefaultPort, UserName = credential?[0], Password = credential?[1] },
            Name = TableName.Catalog,
            WarehouseLocation = configuration.Get(ConfigurationKeys.CatalogHiveWarehouse),
            TakesLocks = configuration.Get(ConfigurationKeys.CatalogHiveLocks),
        };
    }
}
