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
    /// <summary>The catalog of a configuration, or null when it names none.</summary>
    /// <exception cref="TarnException">InvalidRequest for settings that contradict each other; errors of files with secrets.</exception>
    public static ExternalCatalogOptions? Of(TarnConfiguration configuration)
    {
        var rest = configuration.Get(ConfigurationKeys.CatalogRestUri);
        var hive = configuration.Get(ConfigurationKeys.CatalogHiveUri);
        if (rest is not null && hive is not null)
            throw TarnException.Invalid($"{ConfigurationKeys.CatalogRestUri.Path} and {ConfigurationKeys.CatalogHiveUri.Path} are both set; commands work on one catalog. Remove one.");
        return rest is not null ? new(RestOf(rest, configuration), null) : hive is not null ? new(null, HiveOf(hive, configuration)) : null;
    }

    private static RestCatalogOptions RestOf(Uri uri, TarnConfiguration configuration)
    {
        var token = configuration.Get(ConfigurationKeys.CatalogRestToken);
        var credential = configuration.Get(ConfigurationKeys.CatalogRestCredential);
        if (token is not null && credential is not null)
            throw TarnException.Invalid($"{ConfigurationKeys.CatalogRestToken.Path} and {ConfigurationKeys.CatalogRestCredential.Path} are both set; a catalog is asked with a token, or with tokens that the credential gets. Remove one.");
        return new RestCatalogOptions
        {
            Uri = uri,
            Name = TableName.Catalog,
            Warehouse = configuration.Get(ConfigurationKeys.CatalogRestWarehouse),
            Token = token?.Read(),
            Credential = credential?.Read(),
            Scope = configuration.Get(ConfigurationKeys.CatalogRestScope),
            OAuth2ServerUri = configuration.Get(ConfigurationKeys.CatalogRestOAuth2ServerUri),
        };
    }

    private static HiveCatalogOptions HiveOf(Uri uri, TarnConfiguration configuration)
    {
        string[]? credential = configuration.Get(ConfigurationKeys.CatalogHiveCredential)?.Read().Split(':', 2);
        if (credential is [_])
            throw TarnException.Invalid($"{ConfigurationKeys.CatalogHiveCredential.Path} is not of the form NAME:PASSWORD.");
        return new HiveCatalogOptions
        {
            Address = new HiveMetastoreAddress { Host = uri.Host, Port = uri.Port > 0 ? uri.Port : HiveMetastoreAddress.DefaultPort, UserName = credential?[0], Password = credential?[1] },
            Name = TableName.Catalog,
            WarehouseLocation = configuration.Get(ConfigurationKeys.CatalogHiveWarehouse),
            TakesLocks = configuration.Get(ConfigurationKeys.CatalogHiveLocks),
        };
    }
}
