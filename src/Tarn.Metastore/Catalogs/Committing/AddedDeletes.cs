using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// Refuses delete files that engines would apply to different rows: those in a manifest of one partition spec that were written in the partition of another, as some
/// writers list them after a change of the partitioning. Only manifests of deletes that a commit adds are read, each once; what only appends costs nothing.
/// </summary>
internal sealed class AddedDeletes(IObjectStore store, ManifestLists lists)
{
    // A commit that loses its race is checked again, and manifests never change.
    private const int MaxKept = 10_000;

    private readonly ForgetfulCache<(Guid? Table, string Manifest, int SpecId), (DataFile File, string PartitionFields)?> _found = new(MaxKept);

    /// <summary>Looks at the snapshots that a commit adds.</summary>
    /// <param name="table">Its name, for messages.</param>
    /// <param name="metadata">The table after the commit.</param>
    /// <param name="added">The snapshots.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest.</exception>
    public async ValueTask RequirePlacedAsync(TableIdentifier table, TableMetadata metadata, IEnumerable<Snapshot> added, CancellationToken cancellationToken)
    {
        // Of one spec alone there is no other to be mistaken for.
        if (metadata.PartitionSpecs.Count <= 1)
            return;
        foreach (var snapshot in added.Where(s => s.Operation != "append"))
        {
            foreach (var manifest in await AddedByAsync(snapshot, cancellationToken).ConfigureAwait(false))
                await RequirePlacedAsync(table, metadata, snapshot, manifest, cancellationToken).ConfigureAwait(false);
        }
    }

    // What cannot be read is not judged here: whoever reads the table is told.
    private async ValueTask<IReadOnlyList<ManifestFile>> AddedByAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.ManifestList is not { } list)
            return [];
        try
        {
            return [.. (await lists.ReadAsync(list, cancellationToken).ConfigureAwait(false)).Where(m => m.Content == ManifestContent.Deletes && m.AddedSnapshotId == snapshot.SnapshotId)];
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return [];
        }
    }

    private async ValueTask RequirePlacedAsync(TableIdentifier table, TableMetadata metadata, Snapshot snapshot, ManifestFile manifest, CancellationToken cancellationToken)
    {
        if (metadata.PartitionSpecs.Find(s => s.SpecId == manifest.PartitionSpecId) is not { } spec
            || await FindAsync(metadata, spec, manifest, cancellationToken).ConfigureAwait(false) is not { } unplaced)
            return;
        string fields = spec.Fields.Count == 0 ? "none" : string.Join(", ", spec.Fields.Select(f => $"'{f.Name}' ({f.FieldId})"));
        throw TarnException.Invalid(
            $"Snapshot {snapshot.SnapshotId} for table '{table}' adds the delete manifest '{manifest.ManifestPath}', whose partitions have the fields {unplaced.PartitionFields}; those of its partition spec "
            + $"{spec.SpecId} are {fields}. For delete file '{unplaced.File.FilePath}' engines would not agree on the rows that it deletes, so nothing was changed. {WayOut(table, metadata, unplaced.File)}");
    }

    // Version 3 knows equality deletes as version 2 does.
    private static string WayOut(TableIdentifier table, TableMetadata metadata, DataFile deletes) =>
        deletes.Content == FileContent.EqualityDeletes ? "Delete with another engine, or let this one list them with the partition fields of the spec."
        : metadata.FormatVersion >= 3 ? "Delete with another engine, or let this one write deletion vectors, which name their data file."
        : $"Delete with another engine, or bring the table to format version 3, in which position deletes name their data file (ALTER TABLE {table} SET PROPERTIES format_version = 3), and delete again.";

    private async ValueTask<(DataFile File, string PartitionFields)?> FindAsync(TableMetadata metadata, PartitionSpec spec, ManifestFile manifest, CancellationToken cancellationToken)
    {
        var key = (metadata.TableUuid, manifest.ManifestPath, spec.SpecId);
        if (_found.TryGet(key, out var known))
            return known;
        try
        {
            var found = ManifestReader.FindUnplacedDeletes(await store.ReadAsync(manifest.ManifestPath, cancellationToken).ConfigureAwait(false), manifest, metadata.PartitionType(spec));
            _found.Set(key, found);
            return found;
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return null;
        }
    }
}
