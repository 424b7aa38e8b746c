using System.Runtime.InteropServices;
using Tarn.Core.Caching;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Compression;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// Whether a table leads to a file, in any of its snapshots. Asked of many files one after another, so what its metadata and manifests lead to is kept, as hashes of places: eight bytes a file.
/// Two files of one hash, one pair in 2^64, are taken for one.
/// </summary>
/// <param name="store">The store of files.</param>
/// <param name="files">Reads metadata files.</param>
/// <param name="lists">Reads manifest lists.</param>
/// <param name="placeOf">One text for one place.</param>
internal sealed class ReachedFiles(IObjectStore store, MetadataFiles files, ManifestLists lists, Func<string, string> placeOf)
{
    /// <summary>Most bytes kept: the hashes of eight million files.</summary>
    private const long CapacityBytes = 64L << 20;

    // Manifests first, so that a state that follows another one reads only what is new.
    private readonly WeighedCache<string, ulong[]> _manifests = new(CapacityBytes);
    private readonly WeighedCache<string, ulong[][]> _states = new(CapacityBytes / 4);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether the state of a table that a metadata file describes leads to a file, that file itself and the states of its log included.</summary>
    /// <param name="metadataLocation">The metadata file.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">NotFound or DataCorrupted when something on the way cannot be read: then nobody knows.</exception>
    public async ValueTask<bool> LeadsToAsync(string metadataLocation, string file, CancellationToken cancellationToken)
    {
        ulong asked = HashOf(file);
        return (await OfAsync(metadataLocation, cancellationToken).ConfigureAwait(false)).Any(part => Array.BinarySearch(part, asked) >= 0);
    }

    private async ValueTask<ulong[][]> OfAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        if (_states.Find(metadataLocation) is { } known)
            return known;
        // Clients delete many files at once: the first question reads for all.
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_states.Find(metadataLocation) is { } meanwhile)
                return meanwhile;
            var state = await ReadAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
            _states.Keep(metadataLocation, state, WeightOf(state[0]) + (state.Length * (long)IntPtr.Size));
            return state;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<ulong[][]> ReadAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        var (metadata, _) = await files.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        var manifests = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (var snapshot in metadata.Snapshots)
        {
            foreach (var manifest in await ReachableFiles.ManifestsAsync(store, snapshot, lists, cancellationToken).ConfigureAwait(false))
                manifests.TryAdd(manifest.ManifestPath, manifest);
        }

        string[] above = [.. ReachableFiles.Above(metadata), .. manifests.Keys, metadataLocation];
        var state = new List<ulong[]> { HashesOf(above) };
        foreach (var manifest in manifests.Values)
            state.Add(await OfAsync(manifest, cancellationToken).ConfigureAwait(false));
        return [.. state];
    }

    private async ValueTask<ulong[]> OfAsync(ManifestFile manifest, CancellationToken cancellationToken)
    {
        if (_manifests.Find(manifest.ManifestPath) is { } known)
            return known;
        var bytes = await store.ReadAsync(manifest.ManifestPath, cancellationToken).ConfigureAwait(false);
        ulong[] hashes = HashesOf(ManifestReader.ReadLocations(bytes, manifest));
        _manifests.Keep(manifest.ManifestPath, hashes, WeightOf(hashes));
        return hashes;
    }

    // What holds them, and the key, in UTF-16, take some more.
    private static long WeightOf(ulong[] hashes) => (hashes.Length * (long)sizeof(ulong)) + 400;

    private ulong[] HashesOf(IEnumerable<string> locations)
    {
        ulong[] hashes = [.. locations.Select(HashOf).Distinct()];
        Array.Sort(hashes);
        return hashes;
    }

    private ulong HashOf(string location) => XxHash64.Compute(MemoryMarshal.AsBytes(placeOf(location).AsSpan()));
}
