using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs;

/// <summary>Every file that a table's metadata leads to. Only these are ever deleted: a folder may hold other things.</summary>
internal static class ReachableFiles
{
    /// <param name="store">The store of files.</param>
    /// <param name="metadataLocation">The metadata file.</param>
    /// <param name="metadata">Its content.</param>
    /// <param name="visited">Manifests and manifest lists that were looked into before and need not be again; those of this table are added.</param>
    /// <param name="ignoreMissing">Whether a manifest that is gone leads nowhere: then its data files went before it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Data first, metadata last: whoever deletes in this order and is interrupted leaves what is needed to go on.</returns>
    /// <exception cref="TarnException">NotFound or DataCorrupted when a manifest cannot be read: then nobody knows what belongs to the table.</exception>
    public static async ValueTask<IReadOnlyCollection<string>> FindAsync(
        IObjectStore store, string metadataLocation, TableMetadata metadata, HashSet<string>? visited = null, bool ignoreMissing = false, CancellationToken cancellationToken = default)
    {
        var seen = visited ?? new HashSet<string>(StringComparer.Ordinal);
        var data = new HashSet<string>(StringComparer.Ordinal);
        var manifests = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        var lists = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in metadata.Snapshots)
        {
            if (snapshot.ManifestList is { } list && lists.Add(list) && !seen.Add(list))
                continue;
            foreach (var manifest in await OrNoneAsync(() => ManifestsAsync(store, snapshot, cancellationToken), ignoreMissing).ConfigureAwait(false))
                manifests.TryAdd(manifest.ManifestPath, manifest);
        }

        foreach (var manifest in manifests.Values.Where(m => seen.Add(m.ManifestPath)))
        {
            data.UnionWith(await OrNoneAsync(() => LocationsAsync(store, manifest, cancellationToken), ignoreMissing).ConfigureAwait(false));
        }

        return [.. data, .. manifests.Keys, .. Above(metadata), metadataLocation];
    }

    /// <summary>The files that metadata itself names: manifest lists, statistics, earlier metadata.</summary>
    public static IEnumerable<string> Above(TableMetadata metadata) =>
        metadata.Snapshots.Select(s => s.ManifestList).OfType<string>()
            .Concat(metadata.Statistics.Select(s => s.StatisticsPath))
            .Concat(metadata.PartitionStatistics.Select(s => s.StatisticsPath))
            .Concat(metadata.MetadataLog.Select(e => e.MetadataFile))
            .Distinct(StringComparer.Ordinal);

    /// <summary>The manifests of a snapshot.</summary>
    /// <param name="store">The store of files.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">NotFound or DataCorrupted.</exception>
    public static async ValueTask<IReadOnlyList<ManifestFile>> ManifestsAsync(IObjectStore store, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.ManifestList is { } list)
            return ManifestListReader.Read(await store.ReadAsync(list, cancellationToken).ConfigureAwait(false), list);
        var described = new List<ManifestFile>();
        foreach (string path in snapshot.Manifests ?? [])
            described.Add(ManifestReader.Describe(await store.ReadAsync(path, cancellationToken).ConfigureAwait(false), path, snapshot.SnapshotId));
        return described;
    }

    private static async ValueTask<IReadOnlyList<string>> LocationsAsync(IObjectStore store, ManifestFile manifest, CancellationToken cancellationToken) =>
        [.. ManifestReader.ReadLocations(await store.ReadAsync(manifest.ManifestPath, cancellationToken).ConfigureAwait(false), manifest)];

    private static async ValueTask<IReadOnlyList<T>> OrNoneAsync<T>(Func<ValueTask<IReadOnlyList<T>>> read, bool ignoreMissing)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (TarnException error) when (ignoreMissing && error.Kind == ErrorKind.NotFound)
        {
            return [];
        }
    }
}
