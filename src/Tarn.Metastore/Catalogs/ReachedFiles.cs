using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Tarn.Core.Caching;
using Tarn.Core.Errors;
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
/// <param name="placeOf">One text for one place.</param>
/// <param name="time">The clock.</param>
internal sealed class ReachedFiles(IObjectStore store, MetadataFiles files, Func<string, string> placeOf, TimeProvider time)
{
    /// <summary>Most bytes kept of states, and of the manifests that they share: the hashes of sixteen million files. A larger table is read anew for each question.</summary>
    private const long CapacityBytes = 128L << 20;

    // Lists and manifests never change: a state that follows another one reads only what is new.
    private readonly WeighedCache<string, ulong[]> _lists = new(CapacityBytes / 4);
    private readonly WeighedCache<ulong, ulong[]> _manifests = new(CapacityBytes);
    private readonly WeighedCache<string, State> _states = new(CapacityBytes);
    private readonly ConcurrentDictionary<string, Lazy<Task<State>>> _reading = new(StringComparer.Ordinal);

    /// <summary>Whether the state of a table that a metadata file describes leads to a file, that file itself and the states of its log included; null when something on the way cannot be read, so that nobody knows.</summary>
    /// <param name="metadataLocation">The metadata file.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<bool?> LeadsToAsync(string metadataLocation, string file, CancellationToken cancellationToken)
    {
        ulong asked = HashOf(file);
        var state = await OfAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        return state.Parts?.Any(part => Array.BinarySearch(part, asked) >= 0);
    }

    // Clients delete many files at once: the first question reads for all, and to the end, whoever goes away meanwhile.
    private async ValueTask<State> OfAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        if (_states.Find(metadataLocation) is { } known && time.GetUtcNow() < known.Until)
            return known;
        var reading = _reading.GetOrAdd(metadataLocation, location => new(() => Task.Run(() => ReadAsync(location))));
        return await reading.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<State> ReadAsync(string metadataLocation)
    {
        try
        {
            var (metadata, _) = await files.ReadTableAsync(metadataLocation, CancellationToken.None).ConfigureAwait(false);
            var manifests = await ManifestsAsync(metadata).ConfigureAwait(false);
            ulong[][] parts = [HashesOf([.. ReachableFiles.Above(metadata), metadataLocation]), [.. manifests.Keys.Order()], .. manifests.Values];
            return Keep(metadataLocation, new State(parts, DateTimeOffset.MaxValue));
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return Keep(metadataLocation, new State(null, time.GetUtcNow() + KnownFolders.UnreadableFor));
        }
        finally
        {
            _reading.TryRemove(metadataLocation, out _);
        }
    }

    // The files of all manifests, by the hash of the manifest.
    private async ValueTask<IReadOnlyDictionary<ulong, ulong[]>> ManifestsAsync(TableMetadata metadata)
    {
        // 1. What is known of lists that were read before.
        var found = new ConcurrentDictionary<ulong, ulong[]>();
        var unknown = metadata.Snapshots.Where(s => !TryTake(s, found)).ToList();
        // 2. The other lists, each of which names most of the manifests of the others.
        var named = new ConcurrentDictionary<ulong, ManifestFile>();
        await InParallelAsync(unknown, async snapshot =>
        {
            var manifests = await ReachableFiles.ManifestsAsync(store, snapshot, CancellationToken.None).ConfigureAwait(false);
            ulong[] hashes = [.. manifests.Select(m => HashOf(m.ManifestPath))];
            if (snapshot.ManifestList is { } list)
                _lists.Keep(list, hashes, WeightOf(hashes));
            foreach (var (hash, manifest) in hashes.Zip(manifests))
                named.TryAdd(hash, manifest);
        }).ConfigureAwait(false);
        // 3. Their manifests.
        await InParallelAsync([.. named.Where(n => !found.ContainsKey(n.Key))], async manifest =>
        {
            var (hash, path) = (manifest.Key, manifest.Value.ManifestPath);
            if (_manifests.Find(hash) is not { } hashes)
            {
                hashes = HashesOf(ManifestReader.ReadLocations(await store.ReadAsync(path, CancellationToken.None).ConfigureAwait(false), manifest.Value));
                _manifests.Keep(hash, hashes, WeightOf(hashes));
            }

            found[hash] = hashes;
        }).ConfigureAwait(false);
        return found;
    }

    private bool TryTake(Snapshot snapshot, ConcurrentDictionary<ulong, ulong[]> found)
    {
        if (snapshot.ManifestList is not { } list || _lists.Find(list) is not { } manifests)
            return false;
        foreach (ulong manifest in manifests.Where(m => !found.ContainsKey(m)))
        {
            if (_manifests.Find(manifest) is not { } hashes)
                return false;
            found[manifest] = hashes;
        }

        return true;
    }

    private static Task InParallelAsync<T>(IReadOnlyCollection<T> all, Func<T, ValueTask> readAsync) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = CommitGround.ParallelReads }, (one, _) => readAsync(one));

    private State Keep(string metadataLocation, State state)
    {
        _states.Replace(metadataLocation, state, WeightOf([]) + (state.Parts?.Sum(WeightOf) ?? 0));
        return state;
    }

    // What holds them, and the key, in UTF-16, take some more.
    private static long WeightOf(ulong[] hashes) => (hashes.Length * (long)sizeof(ulong)) + 400;

    private ulong[] HashesOf(IEnumerable<string> locations) => [.. locations.Select(HashOf).Distinct().Order()];

    private ulong HashOf(string location) => XxHash64.Compute(MemoryMarshal.AsBytes(placeOf(location).AsSpan()));

    private sealed record State(ulong[][]? Parts, DateTimeOffset Until);
}
