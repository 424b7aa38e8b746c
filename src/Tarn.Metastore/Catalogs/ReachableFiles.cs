using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Metastore.Catalogs;

/// <summary>Every file that a table's metadata leads to. Only these are ever deleted: a folder may hold other things.</summary>
internal static class ReachableFiles
{
    /// <param name="store">The store of files.</param>
    /// <param name="metadataLocation">The metadata file.</param>
    /// <param name="metadata">Its content.</param>
    /// <param name="visited">Manifests and manifest lists that were looked into before and need not be again; those of this table are added.</param>
    /// <param name="missing">Gets the manifests and manifest lists that are gone, which lead nowhere then; without it they are an error.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Data first, metadata last: whoever deletes in this order and is interrupted leaves what is needed to go on.</returns>
    /// <exception cref="TarnException">NotFound or DataCorrupted when a manifest cannot be read: then nobody knows what belongs to the table.</exception>
    public static async ValueTask<IReadOnlyCollection<string>> FindAsync(
        IObjectStore store, string metadataLocation, TableMetadata metadata, HashSet<string>? visited = null, ICollection<string>? missing = null, CancellationToken cancellationToken = default)
    {
        var seen = visited ?? new HashSet<string>(StringComparer.Ordinal);
        var data = new HashSet<string>(StringComparer.Ordinal);
        var lists = new HashSet<string>(StringComparer.Ordinal);
        var unseen = metadata.Snapshots.Where(s => s.ManifestList is not { } list || !lists.Add(list) || seen.Add(list));
        var manifests = await ManifestsAsync(store, unseen, missing, cancellationToken).ConfigureAwait(false);
        foreach (var manifest in manifests.Values.Where(m => seen.Add(m.ManifestPath)))
        {
            data.UnionWith((await EntriesAsync(store, manifest, missing, cancellationToken).ConfigureAwait(false)).Select(e => e.DataFile.FilePath));
        }

        return [.. data, .. manifests.Keys, .. Above(metadata), metadataLocation];
    }

    /// <summary>
    /// Those of the data files and manifests that were added up to a state of the table, by sequence number ("Sequence Numbers"). Files of version 1, and such of which nobody wrote when they were added, count as old.
    /// </summary>
    /// <param name="store">The store of files.</param>
    /// <param name="metadata">The table's metadata.</param>
    /// <param name="lastSequenceNumber">The last number of that state.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">DataCorrupted when a manifest cannot be read; one that is gone leads nowhere.</exception>
    public static async ValueTask<IReadOnlyCollection<string>> FindUpToAsync(IObjectStore store, TableMetadata metadata, long lastSequenceNumber, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        var manifests = await ManifestsAsync(store, metadata.Snapshots, missing, cancellationToken).ConfigureAwait(false);
        var old = manifests.Values.Where(m => m.SequenceNumber <= lastSequenceNumber).Select(m => m.ManifestPath).ToHashSet(StringComparer.Ordinal);
        foreach (var manifest in manifests.Values)
        {
            var entries = await EntriesAsync(store, manifest, missing, cancellationToken).ConfigureAwait(false);
            old.UnionWith(entries.Where(e => e.FileSequenceNumber is not { } added || added <= lastSequenceNumber).Select(e => e.DataFile.FilePath));
        }

        return old;
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

    // The manifests of several snapshots, which share most of them, by place.
    private static async ValueTask<IReadOnlyDictionary<string, ManifestFile>> ManifestsAsync(IObjectStore store, IEnumerable<Snapshot> snapshots, ICollection<string>? missing, CancellationToken cancellationToken)
    {
        var manifests = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (var snapshot in snapshots)
        {
            foreach (var manifest in await OrNoneAsync(() => ManifestsAsync(store, snapshot, cancellationToken), snapshot.ManifestList ?? "", missing).ConfigureAwait(false))
                manifests.TryAdd(manifest.ManifestPath, manifest);
        }

        return manifests;
    }

    private static ValueTask<IReadOnlyList<ManifestEntry>> EntriesAsync(IObjectStore store, ManifestFile manifest, ICollection<string>? missing, CancellationToken cancellationToken) => OrNoneAsync(
        async () => ManifestReader.Read(await store.ReadAsync(manifest.ManifestPath, cancellationToken).ConfigureAwait(false), manifest, new StructType([])), manifest.ManifestPath, missing);

    private static async ValueTask<IReadOnlyList<T>> OrNoneAsync<T>(Func<ValueTask<IReadOnlyList<T>>> read, string location, ICollection<string>? missing)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (TarnException error) when (missing is not null && error.Kind == ErrorKind.NotFound)
        {
            missing.Add(location);
            return [];
        }
    }
}
