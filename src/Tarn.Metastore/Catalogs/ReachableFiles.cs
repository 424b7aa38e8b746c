using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;

namespace Tarn.Metastore.Catalogs;

/// <summary>Every file that a table's metadata leads to. Only these are ever deleted: a folder may hold other things.</summary>
internal static class ReachableFiles
{
    /// <exception cref="Core.Errors.TarnException">NotFound or DataCorrupted when a manifest cannot be read: then nobody knows what belongs to the table.</exception>
    public static async ValueTask<IReadOnlyCollection<string>> FindAsync(IObjectStore store, string metadataLocation, TableMetadata metadata, CancellationToken cancellationToken)
    {
        // Data first, metadata last: whoever is interrupted leaves what is needed to go on by hand.
        var data = new HashSet<string>(StringComparer.Ordinal);
        var manifests = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        var above = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in metadata.Snapshots)
        {
            foreach (var manifest in await ManifestsAsync(store, snapshot, cancellationToken).ConfigureAwait(false))
                manifests.TryAdd(manifest.ManifestPath, manifest);
            if (snapshot.ManifestList is { } list)
                above.Add(list);
        }

        foreach (var manifest in manifests.Values)
        {
            var bytes = await store.ReadAsync(manifest.ManifestPath, cancellationToken).ConfigureAwait(false);
            foreach (var entry in ManifestReader.Read(bytes, manifest, metadata.PartitionType(metadata.Spec(manifest.PartitionSpecId))))
                data.Add(entry.DataFile.FilePath);
        }

        above.UnionWith(metadata.Statistics.Select(s => s.StatisticsPath));
        above.UnionWith(metadata.PartitionStatistics.Select(s => s.StatisticsPath));
        above.UnionWith(metadata.MetadataLog.Select(e => e.MetadataFile));
        return [.. data, .. manifests.Keys, .. above, metadataLocation];
    }

    private static async ValueTask<IReadOnlyList<ManifestFile>> ManifestsAsync(IObjectStore store, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.ManifestList is { } list)
            return ManifestListReader.Read(await store.ReadAsync(list, cancellationToken).ConfigureAwait(false), list);
        var described = new List<ManifestFile>();
        foreach (string path in snapshot.Manifests ?? [])
            described.Add(ManifestReader.Describe(await store.ReadAsync(path, cancellationToken).ConfigureAwait(false), path, snapshot.SnapshotId));
        return described;
    }
}
