using Tarn.Configuration;
using Tarn.Core.Storage;
using Tarn.Storage.Cache;
using Tarn.Storage.Local;
using Tarn.Storage.Remote;

namespace Tarn.Composition;

/// <summary>Where the objects of a lake lie: in the data folder, or in a bucket of an S3 service with a cache in the data folder.</summary>
internal sealed class LakeStorage : IDisposable
{
    private readonly DiskCache? _cache;
    private readonly S3ObjectStore? _remote;

    /// <summary>Opens the storage; touches nothing.</summary>
    /// <param name="folder">The data folder, or null when there is none.</param>
    /// <param name="map">Prefixes of locations that lie elsewhere.</param>
    /// <param name="remote">The bucket, or null to keep the lake in the data folder.</param>
    /// <param name="cacheSizeBytes">Limit of the cache.</param>
    /// <param name="isOfOtherCatalog">Whether the tables are those of a catalog elsewhere, whose buckets the data folder does not have.</param>
    /// <exception cref="Core.Errors.TarnException">InvalidRequest for wrong settings.</exception>
    public LakeStorage(DataFolder? folder, LocationMap map, S3StorageOptions? remote, long cacheSizeBytes, bool isOfOtherCatalog = false)
    {
        Local = new LocalObjectStore(folder?.Path, map, hasBuckets: !isOfOtherCatalog);
        WarehouseLocation = remote?.WarehouseLocation ?? folder?.WarehouseLocation ?? DataFolder.DefaultWarehouse;
        if (remote is null || folder is null)
            return;
        _cache = new DiskCache(Path.Join(folder.Path, DiskCache.FolderName), new DiskCacheOptions { SizeBytes = cacheSizeBytes });
        _remote = new S3ObjectStore(remote, Local, _cache, map);
    }

    /// <summary>The objects.</summary>
    public IObjectStore Store => _remote ?? (IObjectStore)Local;

    /// <summary>What lies on the local disk, staged files included.</summary>
    public LocalObjectStore Local { get; }

    /// <summary>The remote store, or null when there is none.</summary>
    public S3ObjectStore? Remote => _remote;

    /// <summary>Where tables are created.</summary>
    public string WarehouseLocation { get; }

    /// <summary>The bucket of a configuration, or null when it names none.</summary>
    public static S3StorageOptions? RemoteOf(TarnConfiguration configuration)
    {
        if (configuration.Get(ConfigurationKeys.StorageBucket) is not { Length: > 0 } bucket)
            return null;
        var credentials = configuration.Get(ConfigurationKeys.StorageCredentials);
        return new S3StorageOptions
        {
            Bucket = bucket,
            Prefix = configuration.Get(ConfigurationKeys.StoragePrefix) ?? "",
            Endpoint = configuration.Get(ConfigurationKeys.StorageEndpoint),
            Region = configuration.Get(ConfigurationKeys.StorageRegion),
            PathStyle = configuration.Get(ConfigurationKeys.StoragePathStyle),
            Credentials = credentials.Source,
            CredentialsName = credentials.Name,
            ConditionalWrites = configuration.Get(ConfigurationKeys.StorageConditionalWrites),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _remote?.Dispose();
        _cache?.Dispose();
        Local.Dispose();
    }
}
