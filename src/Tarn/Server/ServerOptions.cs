using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Tarn.Access.Administration;
using Tarn.Composition;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Metastore.Postgres;
using Tarn.S3;
using Tarn.S3.Notifications;
using Tarn.Server.Logging;
using Tarn.Storage.Cache;
using Tarn.Storage.Remote;

namespace Tarn.Server;

/// <summary>What <c>tarn up</c> runs with.</summary>
internal sealed record ServerOptions
{
    /// <summary>Name of the role that serves objects.</summary>
    public const string StorageRole = "storage";

    /// <summary>Name of the role that serves tables.</summary>
    public const string CatalogRole = "catalog";

    /// <summary>Absolute path of the data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Pairs of location prefixes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map { get; init; } = [];

    /// <summary>Where a new lake records its files, or null for the default.</summary>
    public string? WarehouseLocation { get; init; }

    /// <summary>The bucket that holds the lake, or null when the data folder does.</summary>
    public S3StorageOptions? Remote { get; init; }

    /// <summary>Whether commands work on a catalog elsewhere, which this server does not serve.</summary>
    public bool IsCatalogElsewhere { get; init; }

    /// <summary>How much of the bucket is kept on the local disk.</summary>
    public long CacheSizeBytes { get; init; } = new DiskCacheOptions().SizeBytes;

    /// <summary>The parts to run.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Main HTTP listener.</summary>
    public required ListenAddress ListenHttp { get; init; }

    /// <summary>S3 listener.</summary>
    public required ListenAddress ListenS3 { get; init; }

    /// <summary>Iceberg REST listener.</summary>
    public required ListenAddress ListenCatalog { get; init; }

    /// <summary>Hive Metastore listener.</summary>
    public required ListenAddress ListenHive { get; init; }

    /// <summary>Whether local connections to the Hive Metastore listener need not authenticate.</summary>
    public bool HiveAnonymous { get; init; } = true;

    /// <summary>Where clients of the catalog may put things; empty for the lake alone.</summary>
    public IReadOnlyList<string> CatalogLocations { get; init; } = [];

    /// <summary>Address of the S3 service as clients of the catalog are told it, or null for the one that is known.</summary>
    public Uri? CatalogStorageEndpoint { get; init; }

    /// <summary>How long an access token of the catalog is good.</summary>
    public TimeSpan CatalogTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long dropped tables and views can be brought back.</summary>
    public TimeSpan CatalogUndrop { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The PostgreSQL that holds the commit log, or null when the data folder does.</summary>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>What the S3 door runs with.</summary>
    public S3Options S3 { get; init; } = new();

    /// <summary>How long a day of lifecycle rules lasts, or null for real days.</summary>
    public TimeSpan? LifecycleDay { get; init; }

    /// <summary>How many bytes buckets may hold, by name.</summary>
    public IReadOnlyDictionary<string, long> Quotas { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>PEM file of the certificate, or null.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file of its key, or null.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Whether to make a certificate when none is given.</summary>
    public bool TlsGenerate { get; init; }

    /// <summary>The key that root has from now on, or null to keep root's keys, or draw one when it has none.</summary>
    public RootCredential? Root { get; init; }

    /// <summary>Least level that is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Form of log lines.</summary>
    public LogForm LogForm { get; init; } = LogForm.Console;

    /// <summary>Collector of traces, or null for no traces.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>How long a stop waits for running requests.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Absolute path of the file that says where the listeners are, or null.</summary>
    public string? ReadyFile { get; init; }

    /// <summary>Takes the options out of a configuration and adds to its problems what is wrong between keys.</summary>
    public static ServerOptions Of(TarnConfiguration configuration)
    {
        CheckTls(configuration);
        CheckRoot(configuration);
        CheckS3(configuration);
        CheckListeners(configuration);
        CheckCatalog(configuration);
        return new ServerOptions
        {
            DataFolder = configuration.Get(ConfigurationKeys.Data),
            Roles = RolesOf(configuration),
            ListenHttp = configuration.Get(ConfigurationKeys.ListenHttp),
            ListenS3 = configuration.Get(ConfigurationKeys.ListenS3),
            ListenCatalog = configuration.Get(ConfigurationKeys.ListenCatalog),
            ListenHive = configuration.Get(ConfigurationKeys.ListenHive),
            HiveAnonymous = configuration.Get(ConfigurationKeys.HiveAnonymous),
            CatalogLocations = configuration.Get(ConfigurationKeys.CatalogAllowedLocations),
            CatalogStorageEndpoint = configuration.Get(ConfigurationKeys.CatalogStorageEndpoint),
            CatalogTokenLifetime = configuration.Get(ConfigurationKeys.CatalogTokenLifetime),
            CatalogUndrop = configuration.Get(ConfigurationKeys.CatalogUndrop),
            S3 = S3Of(configuration),
            LifecycleDay = configuration.Get(ConfigurationKeys.S3LifecycleDay),
            Quotas = configuration.Get(ConfigurationKeys.S3Quotas),
            TlsCertificate = configuration.Get(ConfigurationKeys.TlsCertificate),
            TlsKey = configuration.Get(ConfigurationKeys.TlsKey),
            TlsGenerate = configuration.Get(ConfigurationKeys.TlsGenerate),
            Root = configuration.Get(ConfigurationKeys.RootAccessKey) is { } id && configuration.Get(ConfigurationKeys.RootSecretKey) is { } secret ? new RootCredential(id, secret) : null,
            LogLevel = Enum.Parse<LogLevel>(configuration.Get(ConfigurationKeys.LogLevel), ignoreCase: true),
            LogForm = Enum.Parse<LogForm>(configuration.Get(ConfigurationKeys.LogFormat), ignoreCase: true),
            OtlpEndpoint = configuration.Get(ConfigurationKeys.OtlpEndpoint),
            Drain = configuration.Get(ConfigurationKeys.ShutdownDrain),
        };
    }

    // The data folder's own buckets and catalog are not the lake when that is elsewhere; serving them under its name would show another truth.
    private static IReadOnlyList<string> RolesOf(TarnConfiguration configuration)
    {
        var roles = configuration.Get(ConfigurationKeys.Roles);
        bool isBucketElsewhere = configuration.Get(ConfigurationKeys.StorageBucket) is not null;
        bool isCatalogElsewhere = configuration.Get(ConfigurationKeys.CatalogRestUri) is not null || configuration.Get(ConfigurationKeys.CatalogHiveUri) is not null;
        if (configuration.IsSet(ConfigurationKeys.Roles))
        {
            if (isBucketElsewhere && roles.Contains(StorageRole))
                configuration.Add(ConfigurationKeys.Roles, "names storage, and the lake is in an S3 service (storage.s3.bucket), which serves it; take storage out of roles, or remove storage.s3");
            if (isCatalogElsewhere && roles.Contains(CatalogRole))
                configuration.Add(ConfigurationKeys.Roles, "names catalog, and the catalog is elsewhere (catalog.rest or catalog.hive): a server serves its own alone; take catalog out of roles, or remove that");
        }

        return [.. roles.Where(role => !(role == StorageRole ? isBucketElsewhere : isCatalogElsewhere))];
    }

    private static void CheckListeners(TarnConfiguration configuration)
    {
        ConfigurationKey<ListenAddress>[] keys = [ConfigurationKeys.ListenHttp, ConfigurationKeys.ListenS3, ConfigurationKeys.ListenCatalog, ConfigurationKeys.ListenHive];
        for (int i = 0; i < keys.Length; i++)
        {
            var address = configuration.Get(keys[i]);
            if (address.Port != 0 && keys[..i].FirstOrDefault(k => configuration.Get(k) == address) is { } taken)
            {
                // Told where somebody wrote it.
                var (at, other) = configuration.IsSet(keys[i]) ? (keys[i], taken) : (taken, keys[i]);
                configuration.Add(at, $"{address} is also the address of {other.Path}{(configuration.IsSet(other) ? "" : ", its default")}; give each listener its own port");
            }
        }
    }

    private static void CheckCatalog(TarnConfiguration configuration)
    {
        ExternalCatalogOptions.Check(configuration);
        if (configuration.Get(ConfigurationKeys.CatalogAllowedLocations).FirstOrDefault(l => !ValueForms.IsLocation(l)) is { } location)
            configuration.Add(ConfigurationKeys.CatalogAllowedLocations, $"'{location}' is neither a location like s3://lake/raw nor an absolute path");
    }

    private static void CheckTls(TarnConfiguration configuration)
    {
        if (configuration.IsSet(ConfigurationKeys.TlsCertificate) != configuration.IsSet(ConfigurationKeys.TlsKey))
        {
            var given = configuration.IsSet(ConfigurationKeys.TlsCertificate) ? ConfigurationKeys.TlsCertificate : ConfigurationKeys.TlsKey;
            configuration.Add(given, "tls.certificate and tls.key go together; give both, or tls.generate: true");
        }
        else if (configuration.IsSet(ConfigurationKeys.TlsCertificate) && configuration.Get(ConfigurationKeys.TlsGenerate))
            configuration.Add(ConfigurationKeys.TlsGenerate, "a certificate is given, so none is generated; remove one of both");

        foreach (var key in new[] { ConfigurationKeys.TlsCertificate, ConfigurationKeys.TlsKey })
        {
            if (configuration.Get(key) is { } path && !File.Exists(path))
                configuration.Add(key, $"there is no file '{path}'");
        }
    }

    private static S3Options S3Of(TarnConfiguration configuration) => new()
    {
        Domains = configuration.Get(ConfigurationKeys.S3Domains),
        Region = configuration.Get(ConfigurationKeys.S3Region),
        Webhooks = [.. configuration.Get(ConfigurationKeys.S3Webhooks).Select(webhook => new Webhook(webhook.Key, new Uri(webhook.Value)))],
        WebhookSecret = configuration.Get(ConfigurationKeys.S3WebhookSecret),
    };

    private static void CheckS3(TarnConfiguration configuration)
    {
        try
        {
            S3Of(configuration).Validate();
        }
        catch (TarnException error)
        {
            configuration.Add(configuration.IsSet(ConfigurationKeys.S3Domains) ? ConfigurationKeys.S3Domains : ConfigurationKeys.S3Region, error.Message.TrimEnd('.'));
        }
    }

    private static void CheckRoot(TarnConfiguration configuration)
    {
        foreach (var key in new[] { ConfigurationKeys.RootAccessKey, ConfigurationKeys.RootSecretKey })
        {
            if (!configuration.IsSet(ConfigurationKeys.RootAccessKey) || !configuration.IsSet(ConfigurationKeys.RootSecretKey))
            {
                if (configuration.IsSet(key))
                    configuration.Add(key, "root.access_key and root.secret_key go together; give both or none");
            }
            else if (configuration.Get(key).Length is < 3 or > 128)
                configuration.Add(key, $"has {configuration.Get(key).Length} characters; 3 to 128 are allowed");
        }
    }
}
