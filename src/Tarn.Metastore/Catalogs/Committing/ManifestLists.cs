using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>Reads manifest lists. They never change, so what was read or made once is kept, up to a size.</summary>
internal sealed class ManifestLists(IObjectStore store)
{
    /// <summary>Most bytes kept.</summary>
    public const long CapacityBytes = 64L << 20;

    // A manifest in memory: its record, its path as UTF-16 (some 150 characters), its field summaries.
    private const long ManifestWeightBytes = 600;

    private readonly WeighedCache<IReadOnlyList<ManifestFile>> _cache = new(CapacityBytes);

    /// <exception cref="Core.Errors.TarnException">NotFound, or DataCorrupted or Unsupported when it is no manifest list that can be read.</exception>
    public async ValueTask<IReadOnlyList<ManifestFile>> ReadAsync(string location, CancellationToken cancellationToken)
    {
        if (_cache.Find(location) is { } known)
            return known;
        var manifests = ManifestListReader.Read(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false), location);
        Keep(location, manifests);
        return manifests;
    }

    public void Keep(string location, IReadOnlyList<ManifestFile> manifests) => _cache.Keep(location, manifests, ManifestWeightBytes * (1 + manifests.Count));

    public void Forget(string location) => _cache.Forget(location);
}
