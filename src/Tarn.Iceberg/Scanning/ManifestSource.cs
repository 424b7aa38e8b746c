using Tarn.Core.Storage;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Scanning;

/// <summary>Reads manifest lists and manifests, through the cache when there is one.</summary>
internal sealed class ManifestSource(IObjectStore store, ManifestCache? cache)
{
    private sealed record ListKey(string Location);

    // Everything that decoded entries depend on: an upgraded table lists an old manifest again with a first row id.
    private sealed record ContentsKey(string Location, long SequenceNumber, long? SnapshotId, long? FirstRowId, int SpecId, StructType PartitionType);

    /// <summary>The manifests of a snapshot, in order; version 1 snapshots may name them inline.</summary>
    public async ValueTask<IReadOnlyList<ManifestFile>> ManifestsAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.ManifestList is not { } location)
            return await InlineAsync(snapshot, cancellationToken).ConfigureAwait(false);
        var key = new ListKey(location);
        if (cache?.TryGet<IReadOnlyList<ManifestFile>>(key, out var known) == true)
            return known;
        var manifests = await ReadAsync(location, bytes => ManifestListReader.Read(bytes, location), cancellationToken).ConfigureAwait(false);
        cache?.Put(key, manifests, 256L + (manifests.Count * 600L));
        return manifests;
    }

    /// <summary>A decoded manifest, and whether it was in memory.</summary>
    /// <param name="manifest">The manifest as its list names it.</param>
    /// <param name="partitionType">Tuple type of its spec.</param>
    /// <param name="columns">Columns whose counts and bounds will be asked for.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async ValueTask<(ManifestContents Contents, bool FromCache)> ContentsAsync(
        ManifestFile manifest, StructType partitionType, IReadOnlyCollection<BoundTerm> columns, CancellationToken cancellationToken)
    {
        var key = KeyOf(manifest, partitionType);
        if (cache?.TryGet<ManifestContents>(key, out var known) == true)
            return (known, true);
        var contents = await ReadAsync<ManifestContents>(
            manifest.ManifestPath,
            bytes => manifest.Content == ManifestContent.Deletes
                ? new EntryContents(ManifestReader.Read(bytes, manifest, partitionType))
                : ColumnarContents.Decode(bytes, manifest, partitionType, columns),
            cancellationToken).ConfigureAwait(false);
        cache?.Put(key, contents, contents.EstimatedBytes);
        return (contents, false);
    }

    /// <summary>Tells the cache what a manifest takes after planning has decoded columns of it.</summary>
    public void Account(ManifestFile manifest, StructType partitionType, ManifestContents contents) => cache?.Resize(KeyOf(manifest, partitionType), contents.EstimatedBytes);

    /// <summary>All entries of a manifest with everything in them, never cached.</summary>
    public ValueTask<IReadOnlyList<ManifestEntry>> EntriesAsync(ManifestFile manifest, StructType partitionType, CancellationToken cancellationToken) =>
        ReadAsync(manifest.ManifestPath, bytes => ManifestReader.Read(bytes, manifest, partitionType), cancellationToken);

    private static ContentsKey KeyOf(ManifestFile manifest, StructType partitionType) =>
        new(manifest.ManifestPath, manifest.SequenceNumber, manifest.AddedSnapshotId, manifest.FirstRowId, manifest.PartitionSpecId, partitionType);

    private async ValueTask<IReadOnlyList<ManifestFile>> InlineAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var manifests = new List<ManifestFile>();
        foreach (string location in snapshot.Manifests ?? [])
            manifests.Add(await ReadAsync(location, bytes => ManifestReader.Describe(bytes, location, snapshot.SnapshotId), cancellationToken).ConfigureAwait(false));
        return manifests;
    }

    private ValueTask<T> ReadAsync<T>(string location, Func<ReadOnlyMemory<byte>, T> decode, CancellationToken cancellationToken) =>
        SnapshotFile.ReadAsync(store, location, decode, cancellationToken);
}
