using Tarn.Metastore.Postgres;

namespace Tarn.Configuration;

/// <summary>Every key of the configuration. <c>docs/operate/configuration.md</c> shows the same table; a test holds both equal.</summary>
internal static class ConfigurationKeys
{
    /// <summary>Longest time that a stop may wait.</summary>
    private static readonly TimeSpan MostDrain = TimeSpan.FromHours(1);

    /// <summary>Longest time that dropped tables are kept.</summary>
    private static readonly TimeSpan MostUndrop = TimeSpan.FromDays(365);

    // Shorter days would keep the server busy with looking through its buckets.
    private static readonly Func<ConfiguredText, TimeSpan> LifecycleDay = ValueForms.Duration(TimeSpan.FromDays(1), TimeSpan.FromSeconds(1));

    // Clients renew a token some time before it ends.
    private static readonly Func<ConfiguredText, TimeSpan> TokenLifetime = ValueForms.Duration(TimeSpan.FromHours(24), TimeSpan.FromMinutes(1));

    public static ConfigurationKey<string> Data { get; } = new("data", "data folder", ValueForms.FilePath)
    { Form = "DIR", Default = "tarn-data", Flag = "data" };

    public static ConfigurationKey<ListenAddress> ListenHttp { get; } = new("listen.http", "main HTTP listener: health and metrics", ValueForms.Address)
    { Form = "HOST:PORT", Default = "127.0.0.1:8080", Flag = "listen-http" };

    public static ConfigurationKey<ListenAddress> ListenS3 { get; } = new("listen.s3", "S3 listener of the role storage", ValueForms.Address)
    { Form = "HOST:PORT", Default = "127.0.0.1:9000", Flag = "listen-s3" };

    public static ConfigurationKey<ListenAddress> ListenCatalog { get; } = new("listen.catalog", "Iceberg REST listener of the role catalog", ValueForms.Address)
    { Form = "HOST:PORT", Default = "127.0.0.1:8181", Flag = "listen-catalog" };

    public static ConfigurationKey<ListenAddress> ListenHive { get; } = new("listen.hive", "Hive Metastore (Thrift) listener of the role catalog", ValueForms.Address)
    { Form = "HOST:PORT", Default = "127.0.0.1:9083", Flag = "listen-hive" };

    public static ConfigurationKey<string> TlsCertificate { get; } = new("tls.certificate", "PEM file of the certificate and its chain; all listeners then speak TLS", ValueForms.FilePath)
    { Form = "FILE" };

    public static ConfigurationKey<string> TlsKey { get; } = new("tls.key", "PEM file of the certificate's private key, not encrypted", ValueForms.FilePath)
    { Form = "FILE" };

    public static ConfigurationKey<bool> TlsGenerate { get; } = new("tls.generate", "speak TLS with a self-signed certificate that is made once and kept in the data folder", ValueForms.Switch)
    { Form = "true|false", Default = "false" };

    public static ConfigurationKey<IReadOnlyList<string>> Roles { get; } = new("roles", "the parts that this server runs, of: storage, catalog", ValueForms.SomeOf("storage", "catalog"))
    { Form = "ROLE,…", Default = "storage,catalog", IsList = true, Flag = "roles" };

    public static ConfigurationKey<string> LogLevel { get; } = new("log.level", "least level that is logged: debug, information, warning or error", ValueForms.OneOf("debug", "information", "warning", "error"))
    { Form = "LEVEL", Default = "information", Flag = "log-level" };

    public static ConfigurationKey<string> LogFormat { get; } = new("log.format", "form of log lines on stderr: console for people, json for programs", ValueForms.OneOf("console", "json"))
    { Form = "FORM", Default = "console", Flag = "log-format" };

    public static ConfigurationKey<Uri> OtlpEndpoint { get; } = new("telemetry.otlp.endpoint", "OpenTelemetry collector that traces are sent to by OTLP over HTTP; no traces without it", ValueForms.HttpAddress)
    { Form = "URL" };

    public static ConfigurationKey<long?> EngineMemoryLimit { get; } = new("engine.memory_limit", "memory after which the engine goes on on disk; default: half of the machine's, at most 4 GiB", ValueForms.Size)
    { Form = "SIZE" };

    public static ConfigurationKey<IReadOnlyList<KeyValuePair<string, string>>> StorageMap { get; } = new("storage.map", "read locations that start with FROM at TO instead; the first match wins, those of --map come first", ValueForms.Map)
    { Form = "FROM=TO,…", IsList = true };

    public static ConfigurationKey<string> StorageBucket { get; } = new("storage.s3.bucket", "keep the lake in this bucket of an S3 service instead of the data folder", ValueForms.Bucket)
    { Form = "BUCKET" };

    public static ConfigurationKey<string> StoragePrefix { get; } = new("storage.s3.prefix", "where in the bucket tables are created; without it at its root", ValueForms.Prefix)
    { Form = "PREFIX" };

    public static ConfigurationKey<Uri> StorageEndpoint { get; } = new("storage.s3.endpoint", "address of the S3 service; without it AWS", ValueForms.ServiceAddress)
    { Form = "URL" };

    public static ConfigurationKey<string> StorageRegion { get; } = new("storage.s3.region", "region that requests to the S3 service are signed for", ValueForms.Region)
    { Form = "REGION", Default = "us-east-1" };

    public static ConfigurationKey<bool?> StoragePathStyle { get; } = new("storage.s3.path_style", "bucket in the path instead of the host name; without it yes with an endpoint and no on AWS", value => ValueForms.Switch(value))
    { Form = "true|false" };

    public static ConfigurationKey<RemoteCredentials> StorageCredentials { get; } = new("storage.s3.credentials", "where the keys are: default (as AWS's tools look for them), environment, profile:NAME, file:PATH or anonymous", RemoteCredentials.Parse)
    { Form = "SOURCE", Default = "default" };

    public static ConfigurationKey<bool> StorageConditionalWrites { get; } = new("storage.s3.conditional_writes", "write new objects with If-None-Match; false only for services that do not know it", ValueForms.Switch)
    { Form = "true|false", Default = "true" };

    public static ConfigurationKey<long?> CacheSize { get; } = new("storage.cache.size", "how much of a remote store is kept on the local disk", ValueForms.Size)
    { Form = "SIZE", Default = "20GB" };

    public static ConfigurationKey<IReadOnlyList<string>> S3Domains { get; } = new("s3.domains", "host names below which BUCKET.NAME addresses a bucket (virtual-host style)", ValueForms.Texts)
    { Form = "NAME,…", IsList = true };

    public static ConfigurationKey<string> S3Region { get; } = new("s3.region", "the region that the S3 listener says it is in", ValueForms.Text)
    { Form = "REGION", Default = "us-east-1" };

    public static ConfigurationKey<TimeSpan?> S3LifecycleDay { get; } = new("s3.lifecycle_day", "how long a day of lifecycle rules lasts, 1s to 1d, so that tests see them at work; without it days end at midnight UTC", value => LifecycleDay(value))
    { Form = "TIME" };

    public static ConfigurationKey<IReadOnlyDictionary<string, long>> S3Quotas { get; } = new("s3.quotas", "how much buckets may hold, older versions and unfinished uploads included; uploads beyond it are refused", ValueForms.Quotas)
    { Form = "BUCKET=SIZE,…", IsList = true };

    public static ConfigurationKey<IReadOnlyList<KeyValuePair<string, string>>> S3Webhooks { get; } = new("s3.webhooks", "where buckets may send their events; a bucket's notification configuration names one as arn:tarn:sqs:::NAME", ValueForms.Webhooks)
    { Form = "NAME=URL,…", IsList = true };

    public static ConfigurationKey<string> S3WebhookSecret { get; } = new("s3.webhook_secret", "signs what is sent to webhooks: X-Tarn-Signature is the HMAC-SHA256 of the body", ValueForms.Text)
    { Form = "SECRET", IsSecret = true };

    public static ConfigurationKey<IReadOnlyList<string>> CatalogAllowedLocations { get; } = new("catalog.allowed_locations", "where clients of the catalog may put tables, views and metadata files, as beginnings of locations; without it below the location of the warehouse that they use", ValueForms.Texts)
    { Form = "LOCATION,…", IsList = true };

    public static ConfigurationKey<Uri> CatalogStorageEndpoint { get; } = new("catalog.storage_endpoint", "address of the S3 service as clients of the catalog are told it; without it this server's S3 listener, or storage.s3.endpoint", ValueForms.HttpAddress)
    { Form = "URL" };

    public static ConfigurationKey<TimeSpan> CatalogTokenLifetime { get; } = new("catalog.token_lifetime", "how long an access token of the catalog is good, 1m to 24h", TokenLifetime)
    { Form = "TIME", Default = "1h" };

    public static ConfigurationKey<Uri> CatalogRestUri { get; } = new("catalog.rest.uri", "address of an Iceberg REST catalog that commands use instead of the lake's own, without /v1", ValueForms.HttpAddress)
    { Form = "URL" };

    public static ConfigurationKey<string> CatalogRestWarehouse { get; } = new("catalog.rest.warehouse", "the warehouse that it is asked for; without it the one that it has for those who name none", ValueForms.Text)
    { Form = "NAME" };

    public static ConfigurationKey<SecretText> CatalogRestCredential { get; } = new("catalog.rest.credential", "OAuth2 client id and secret for it, ID:SECRET, or file:PATH of a file that holds them", SecretText.Parse)
    { Form = "SECRET", IsSecret = true };

    public static ConfigurationKey<SecretText> CatalogRestToken { get; } = new("catalog.rest.token", "bearer token for it, or file:PATH of a file that holds it; not together with a credential", SecretText.Parse)
    { Form = "SECRET", IsSecret = true };

    public static ConfigurationKey<string> CatalogRestScope { get; } = new("catalog.rest.scope", "OAuth2 scope that tokens are asked for with", ValueForms.Text)
    { Form = "SCOPE", Default = "catalog" };

    public static ConfigurationKey<Uri> CatalogRestOAuth2ServerUri { get; } = new("catalog.rest.oauth2_server_uri", "where tokens are asked for; without it v1/oauth/tokens of the catalog", ValueForms.HttpAddress)
    { Form = "URL" };

    public static ConfigurationKey<Uri> CatalogHiveUri { get; } = new("catalog.hive.uri", "address of a Hive Metastore that commands use instead of the lake's own catalog, by Thrift without TLS", ValueForms.ThriftAddress)
    { Form = "thrift://…" };

    public static ConfigurationKey<string> CatalogHiveWarehouse { get; } = new("catalog.hive.warehouse", "location below which its databases are made, as NAME.db: with its scheme (s3a://, hdfs://, file:/), or an absolute path, which the metastore puts into its own file system; without it where the metastore puts them", ValueForms.Location)
    { Form = "LOCATION" };

    public static ConfigurationKey<SecretText> CatalogHiveCredential { get; } = new("catalog.hive.credential", "user name and password for it by SASL PLAIN, NAME:PASSWORD, or file:PATH of a file that holds them; without it nothing is proved", SecretText.Parse)
    { Form = "SECRET", IsSecret = true };

    public static ConfigurationKey<bool> CatalogHiveLocks { get; } = new("catalog.hive.locks", "take its lock of a table for each commit; false only for metastores that compare themselves: Hive 4 and Tarn", ValueForms.Switch)
    { Form = "true|false", Default = "true" };

    public static ConfigurationKey<bool> HiveAnonymous { get; } = new("hive.anonymous", "connections from this machine to the Hive Metastore listener that do not authenticate act as the role hive_local", ValueForms.Switch)
    { Form = "true|false", Default = "true" };

    public static ConfigurationKey<string> MetastorePostgres { get; } = new("metastore.postgres", "keep the catalog and identities in this PostgreSQL instead of the data folder, so that several servers share them", ValueForms.PostgresAddress)
    { Form = "postgres://…", IsSecret = true };

    public static ConfigurationKey<string> MetastoreSchema { get; } = new("metastore.schema", "schema of that PostgreSQL; made at first use", ValueForms.PostgresSchema)
    { Form = "NAME", Default = PostgresOptions.DefaultSchema };

    public static ConfigurationKey<string> RootAccessKey { get; } = new("root.access_key", "access key that root has from the next start on, with root.secret_key; without both, one is drawn at the first start", ValueForms.Text)
    { Form = "KEY" };

    public static ConfigurationKey<string> RootSecretKey { get; } = new("root.secret_key", "secret key of root, 3 to 128 characters", ValueForms.Text)
    { Form = "SECRET", IsSecret = true };

    public static ConfigurationKey<TimeSpan> CatalogUndrop { get; } = new("catalog.undrop", "how long dropped tables and views can be brought back, and the files of purged ones stay, at most 365d; 0s: not at all", ValueForms.Duration(MostUndrop))
    { Form = "TIME", Default = "7d" };

    public static ConfigurationKey<TimeSpan> ShutdownDrain { get; } = new("shutdown.drain", "how long a stop waits for running requests before it cuts them off, at most 1h", ValueForms.Duration(MostDrain))
    { Form = "TIME", Default = "30s" };

    /// <summary>All of them, in the order of the document.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        Data, ListenHttp, ListenS3, ListenCatalog, ListenHive, TlsCertificate, TlsKey, TlsGenerate, Roles, LogLevel, LogFormat, OtlpEndpoint, EngineMemoryLimit, StorageMap,
        StorageBucket, StoragePrefix, StorageEndpoint, StorageRegion, StoragePathStyle, StorageCredentials, StorageConditionalWrites, CacheSize, S3Domains, S3Region, S3LifecycleDay, S3Quotas, S3Webhooks, S3WebhookSecret,
        CatalogAllowedLocations, CatalogStorageEndpoint, CatalogTokenLifetime, CatalogUndrop,
        CatalogRestUri, CatalogRestWarehouse, CatalogRestCredential, CatalogRestToken, CatalogRestScope, CatalogRestOAuth2ServerUri,
        CatalogHiveUri, CatalogHiveWarehouse, CatalogHiveCredential, CatalogHiveLocks, HiveAnonymous, MetastorePostgres, MetastoreSchema, RootAccessKey, RootSecretKey, ShutdownDrain,
    ];
}
