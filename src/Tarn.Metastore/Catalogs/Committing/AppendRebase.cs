using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// Puts an append that met another commit on the new head of its branch, as its client would after a conflict: the manifests of the head and its
/// own in a new manifest list, with the next sequence number and row ids. Nothing is written here.
/// </summary>
internal sealed class AppendRebase(IObjectStore store, ManifestLists lists)
{
    /// <returns>Null when the commit is no such append, or when its files are not what they should be: then the client learns of the conflict.</returns>
    public async ValueTask<RebasedAppend?> TryAsync(TableMetadata table, TableCommit commit, CancellationToken cancellationToken)
    {
        if (AppendCommit.Read(table, commit) is not { } append || !append.IsStale(table))
            return null;
        if (!append.Snapshots.All(s => IsInside(table, s.ManifestList!)))
            return null;
        try
        {
            return await RebaseAsync(table, commit, append, MetadataFiles.FolderOf(table) + "/", cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted or ErrorKind.Unsupported)
        {
            return null;
        }
    }

    private async ValueTask<RebasedAppend?> RebaseAsync(TableMetadata table, TableCommit commit, AppendCommit append, string folder, CancellationToken cancellationToken)
    {
        var result = new RebasedAppend(commit);
        var (parent, present) = (append.Head, await ListAsync(append.Head, cancellationToken).ConfigureAwait(false));
        var before = await ListAsync(append.Base, cancellationToken).ConfigureAwait(false);
        var (sequenceNumber, nextRowId) = (table.LastSequenceNumber, table.NextRowId);
        foreach (var snapshot in append.Snapshots)
        {
            var list = await lists.ReadOnceAsync(snapshot.ManifestList!, cancellationToken).ConfigureAwait(false);
            if (OwnManifests.Find(snapshot.SnapshotId, list, before) is not { } own)
                return null;
            // A commit that came before, and whose snapshot was expired since, has left its manifests in the branch.
            int there = own.Count(o => present.Any(p => p.ManifestPath == o.ManifestPath));
            if (there > 0)
                return there == own.Count && append.Snapshots.Count == 1 ? RebasedAppend.IsThere(commit) : null;
            if (await FreeAsync(table, snapshot, own, folder, result, cancellationToken).ConfigureAwait(false) is not { } free)
                return null;
            if (table.FormatVersion >= 2 && !(free.All(HasCounts) && present.All(HasCounts)))
                return null;
            sequenceNumber = table.FormatVersion == 1 ? 0 : sequenceNumber + 1;
            long? firstRowId = table.FormatVersion >= 3 ? nextRowId : null;
            IReadOnlyList<ManifestListBlock> known = parent is null ? [] : lists.BlocksOf(parent.ManifestList!);
            var written = ManifestListWriter.WriteOnto(table.FormatVersion, snapshot.SnapshotId, parent?.SnapshotId, sequenceNumber, firstRowId, free, present, known);
            string location = $"{folder}snap-{snapshot.SnapshotId}-1-{Guid.NewGuid()}.avro";
            lists.Keep(location, written);
            var rebased = snapshot with
            {
                ParentSnapshotId = parent?.SnapshotId,
                SequenceNumber = sequenceNumber,
                TimestampMs = Math.Max(snapshot.TimestampMs, table.LastUpdatedMs),
                ManifestList = location,
                Summary = RebasedSummary.Of(snapshot.Summary, parent?.Summary, present.Count, snapshot.ManifestList!),
                FirstRowId = firstRowId,
                AddedRows = written.NextRowId - firstRowId,
            };
            result.Add(snapshot, rebased, location, written.Bytes);
            (parent, present, before, nextRowId) = (rebased, written.Manifests, list, written.NextRowId ?? nextRowId);
        }

        return result;
    }

    private async ValueTask<List<ManifestFile>?> FreeAsync(
        TableMetadata table, Snapshot snapshot, IReadOnlyList<ManifestFile> own, string folder, RebasedAppend result, CancellationToken cancellationToken)
    {
        var free = new List<ManifestFile>(own.Count);
        foreach (var manifest in own)
        {
            if (!IsInside(table, manifest.ManifestPath))
                return null;
            string location = $"{folder}{Guid.NewGuid()}-m0.avro";
            if (await OwnManifests.FreeAsync(store, lists.Schemas, table, snapshot, manifest, location, cancellationToken).ConfigureAwait(false) is not { } found)
                return null;
            free.Add(found.Manifest);
            if (found.Bytes is { } bytes)
                result.AddManifest(manifest.ManifestPath, location, bytes);
        }

        return free;
    }

    private ValueTask<IReadOnlyList<ManifestFile>> ListAsync(Snapshot? snapshot, CancellationToken cancellationToken) =>
        snapshot is null ? ValueTask.FromResult<IReadOnlyList<ManifestFile>>([]) : lists.ReadAsync(snapshot.ManifestList!, cancellationToken);

    // What lies elsewhere may belong to others; it is neither opened nor removed in the name of this table.
    private static bool IsInside(TableMetadata table, string location) =>
        TableFolders.HasFile(table.Location, location) || TableFolders.HasFile(MetadataFiles.FolderOf(table), location);

    private static bool HasCounts(ManifestFile manifest) => manifest is
    {
        AddedFilesCount: not null, ExistingFilesCount: not null, DeletedFilesCount: not null, AddedRowsCount: not null, ExistingRowsCount: not null, DeletedRowsCount: not null,
    };
}
