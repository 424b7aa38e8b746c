using Tarn.Core.Caching;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>Reads manifest lists. They never change, so what was read or made once is kept, up to a size.</summary>
internal sealed class ManifestLists(IObjectStore store)
{
    /// <summary>Most bytes kept.</summary>
    public const long CapacityBytes = 64L << 20;

    // A manifest in memory: its record, its path as UTF-16 (some 150 characters), its field summaries, its compressed bytes. Lists that follow one another share most.
    private const long ManifestWeightBytes = 600;

    private readonly WeighedCache<string, Known> _cache = new(CapacityBytes);

    /// <summary>Schemas of manifest lists and manifests: commits of one writer bring the same ones again and again.</summary>
    public AvroSchemas Schemas { get; } = new();

    /// <exception cref="Core.Errors.TarnException">NotFound, or DataCorrupted or Unsupported when it is no manifest list that can be read.</exception>
    public async ValueTask<IReadOnlyList<ManifestFile>> ReadAsync(string location, CancellationToken cancellationToken)
    {
        if (_cache.Find(location) is { } known)
            return known.Manifests;
        var manifests = await ReadOnceAsync(location, cancellationToken).ConfigureAwait(false);
        Keep(location, manifests, []);
        return manifests;
    }

    /// <summary>As <see cref="ReadAsync"/>, for a list that is not needed again: it is not kept.</summary>
    public async ValueTask<IReadOnlyList<ManifestFile>> ReadOnceAsync(string location, CancellationToken cancellationToken) =>
        _cache.Find(location)?.Manifests ?? ManifestListReader.Read(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false), location, Schemas);

    /// <summary>The blocks of a list that was written here, as far as they are kept; else none.</summary>
    public IReadOnlyList<ManifestListBlock> BlocksOf(string location) => _cache.Find(location)?.Blocks ?? [];

    /// <summary>Keeps a list that is about to be written.</summary>
    public void Keep(string location, ManifestListResult written) => Keep(location, written.Manifests, written.Blocks);

    private void Keep(string location, IReadOnlyList<ManifestFile> manifests, IReadOnlyList<ManifestListBlock> blocks) =>
        _cache.Keep(location, new Known(manifests, blocks), ManifestWeightBytes * (1 + manifests.Count));

    private sealed record Known(IReadOnlyList<ManifestFile> Manifests, IReadOnlyList<ManifestListBlock> Blocks);
}
