using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>The manifests that an append brings along, freed of the numbers that its first try was given.</summary>
internal static class OwnManifests
{
    // No table counts this far: what comes back with it inherited it, what does not had a number of its own.
    private const long Inherited = 1L << 62;

    /// <summary>Takes the manifests that a snapshot added out of its list.</summary>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="list">Its manifests.</param>
    /// <param name="before">The manifests of the snapshot before.</param>
    /// <returns>Null unless the list is the one before and manifests with nothing but added data files.</returns>
    public static IReadOnlyList<ManifestFile>? Find(long snapshotId, IReadOnlyList<ManifestFile> list, IReadOnlyList<ManifestFile> before)
    {
        var own = list.Where(m => m.AddedSnapshotId == snapshotId).ToArray();
        var kept = list.Where(m => m.AddedSnapshotId != snapshotId).Select(m => m.ManifestPath).ToHashSet(StringComparer.Ordinal);
        bool isAppend = own.Length + kept.Count == list.Count
            && own.All(m => m is { Content: ManifestContent.Data, ExistingFilesCount: 0, DeletedFilesCount: 0, AddedFilesCount: > 0, AddedRowsCount: not null, KeyMetadata: null })
            && kept.IsSubsetOf(before.Select(m => m.ManifestPath))
            // Manifests in which nothing lives any more may be left behind.
            && before.All(m => kept.Contains(m.ManifestPath) || m is { AddedFilesCount: 0, ExistingFilesCount: 0 });
        return isAppend ? own : null;
    }

    /// <summary>
    /// A manifest as it was before a list gave it numbers. Most writers leave numbers out of added entries, so that the manifest stays as it is; one
    /// that carries the numbers of its first try is written anew without them.
    /// </summary>
    /// <param name="store">The store of files.</param>
    /// <param name="schemas">Schemas that were read before.</param>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">The snapshot that added it.</param>
    /// <param name="manifest">The manifest as its list names it.</param>
    /// <param name="newLocation">Where a new manifest would lie.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The manifest, and its bytes when it is new; null when its entries are not what an append adds.</returns>
    public static async ValueTask<(ManifestFile Manifest, byte[]? Bytes)?> FreeAsync(
        IObjectStore store, AvroSchemas schemas, TableMetadata table, Snapshot snapshot, ManifestFile manifest, string newLocation, CancellationToken cancellationToken)
    {
        if (table.PartitionSpecs.Find(s => s.SpecId == manifest.PartitionSpecId) is not { } spec)
            return null;
        var type = table.PartitionType(spec);
        var bytes = await store.ReadAsync(manifest.ManifestPath, cancellationToken).ConfigureAwait(false);
        var entries = ManifestReader.Read(bytes, manifest with { SequenceNumber = Inherited, FirstRowId = Inherited }, type, schemas);
        bool isAppend = entries.All(e => e.Status == ManifestEntryStatus.Added && e.SnapshotId == snapshot.SnapshotId)
            && entries.Count == manifest.AddedFilesCount && entries.Sum(e => e.DataFile.RecordCount) == manifest.AddedRowsCount;
        if (!isAppend)
            return null;
        var free = manifest with
        {
            SequenceNumber = ManifestWriter.UnassignedSequenceNumber, MinSequenceNumber = ManifestWriter.UnassignedSequenceNumber, FirstRowId = null,
        };
        if (entries.All(InheritsAll))
            return (free, null);
        // Other numbers than those of the first try have a meaning that nobody but the writer knows.
        if (!entries.All(e => IsOf(e.SequenceNumber, snapshot.SequenceNumber) && IsOf(e.FileSequenceNumber, snapshot.SequenceNumber) && e.DataFile.FirstRowId is null or >= Inherited))
            return null;
        var schema = snapshot.SchemaId is { } id ? table.Schema(id) : table.CurrentSchema;
        var writer = new ManifestWriter(table.FormatVersion, schema, spec, type, ManifestContent.Data, snapshot.SnapshotId);
        foreach (var entry in entries)
            writer.Add(entry.DataFile with { FirstRowId = null });
        var (content, written) = writer.Finish(newLocation);
        return (written, content);
    }

    private static bool InheritsAll(ManifestEntry entry) =>
        entry is { SequenceNumber: Inherited, FileSequenceNumber: null or Inherited } && entry.DataFile.FirstRowId is null or >= Inherited;

    private static bool IsOf(long? number, long first) => number is null or Inherited || number == first;
}
