using Tarn.CommandLine;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Metastore;
using Tarn.Metastore.Postgres;
using Tarn.Storage.Cache;
using Tarn.Storage.Remote;

namespace Tarn.Composition;

/// <summary>Which lake, and how its locations are read.</summary>
internal sealed record LakeOptions
{
    /// <summary>Absolute path of the data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>What the command needs of the folder.</summary>
    public LakeAccess Access { get; init; }

    /// <summary>Pairs of <c>--map</c>, then those of the configuration, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map { get; init; } = [];

    /// <summary>Memory of the engine after which it goes on on disk, in bytes; null for the default.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>The branch of the lake that the command works on.</summary>
    public string Branch { get; init; } = CatalogAddress.MainBranch;

    /// <summary>How long what is dropped can be brought back.</summary>
    public TimeSpan Undrop { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Where a new lake records its files, or null for the default.</summary>
    public string? WarehouseLocation { get; init; }

    /// <summary>The bucket that holds the lake, or null when the data folder does.</summary>
    public S3StorageOptions? Remote { get; init; }

    /// <summary>The PostgreSQL that holds the commit log, or null when the data folder does.</summary>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>How much of the bucket is kept on the local disk.</summary>
    public long CacheSizeBytes { get; init; } = new DiskCacheOptions().SizeBytes;

    /// <summary>The catalog outside of the data folder that stands in the place of the lake's own, or null.</summary>
    public ExternalCatalogOptions? External { get; init; }

    /// <summary>The <see cref="Iceberg.Catalogs.ICatalog.Address"/> of the catalog that a name without one means.</summary>
    public string Address => External?.Name ?? (CatalogAddress.Default with { Branch = Branch }).ToString();

    /// <summary>Reads the shared options, the environment and <c>tarn.yaml</c>.</summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    /// <exception cref="TarnException">Something is wrong with the configuration.</exception>
    public static LakeOptions Of(ParsedCommand words)
    {
        var configuration = CommandConfiguration.Load(words);
        ExternalCatalogOptions.Check(configuration);
        configuration.ThrowIfWrong();
        return Of(words, configuration);
    }

    /// <summary>Reads the shared options beside a configuration that is read already.</summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    /// <exception cref="TarnException">The file with the secret of a catalog elsewhere cannot be read.</exception>
    public static LakeOptions Of(ParsedCommand words, TarnConfiguration configuration) => new()
    {
        DataFolder = configuration.Get(ConfigurationKeys.Data),
        Map = [.. words.Values(SharedOptions.Map.Name).Select(ParseMap), .. configuration.Get(ConfigurationKeys.StorageMap)],
        Branch = words.Value(SharedOptions.Branch.Name) ?? CatalogAddress.MainBranch,
        Undrop = configuration.Get(ConfigurationKeys.CatalogUndrop),
        MemoryLimitBytes = configuration.Get(ConfigurationKeys.EngineMemoryLimit),
        WarehouseLocation = WarehouseOf(words.Value(SharedOptions.WarehouseLocation.Name), LakeStorage.RemoteOf(configuration)),
        Remote = LakeStorage.RemoteOf(configuration),
        Postgres = LakeLog.PostgresOf(configuration),
        CacheSizeBytes = configuration.Get(ConfigurationKeys.CacheSize)!.Value,
        External = ExternalCatalogOptions.Of(configuration),
    };

    // The bucket of the configuration is where the lake's files lie, whatever its data folder is told.
    private static string? WarehouseOf(string? said, S3StorageOptions? remote) => remote is null || said is null
        ? said
        : said.TrimEnd('/') == remote.WarehouseLocation
            ? null
            : throw TarnException.Invalid($"--{SharedOptions.WarehouseLocation.Name} is '{said}', but {ConfigurationKeys.StorageBucket.Path} keeps the lake under '{remote.WarehouseLocation}'. Leave one of them away.");

    private static KeyValuePair<string, string> ParseMap(string text)
    {
        try
        {
            return LocationMap.ParsePrefix(text);
        }
        catch (TarnException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
