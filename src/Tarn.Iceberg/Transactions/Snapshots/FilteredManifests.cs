using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>The manifests of a snapshot without the files that another one removes.</summary>
internal sealed class FilteredManifests(DeleteCriteria criteria, ManifestFiles files)
{
    // What a manifest becomes depends on nothing but itself, so a retry needs no second look.
    private readonly Dictionary<(string Path, int SchemaId), Filtered> known = [];

    /// <summary>Data files removed in the last run.</summary>
    public List<DataFile> Removed { get; } = [];

    /// <summary>False only when the manifest certainly lists no live file.</summary>
    public static bool HasLiveFiles(ManifestFile manifest) => manifest.AddedFilesCount is not 0 || manifest.ExistingFilesCount is not 0;

    /// <summary>Filters data manifests; counts what is removed.</summary>
    /// <exception cref="TarnException">Conflict when a file that must be there is missing; Unsupported when a filter matches a file in part.</exception>
    public async ValueTask<List<ManifestFile>> DataAsync(SnapshotAttempt attempt, CancellationToken cancellationToken)
    {
        Removed.Clear();
        var bound = criteria.Bound(attempt.Table);
        List<ManifestFile> result = [];
        foreach (var manifest in attempt.ParentManifests.Where(m => m.Content == ManifestContent.Data && HasLiveFiles(m)))
        {
            var projection = new PartitionProjection(attempt.Table.Spec(manifest.PartitionSpecId));
            var filtered = criteria.MightMatch(manifest, projection, bound)
                ? await FilterAsync(attempt, manifest, file => criteria.Matches(file, projection, bound), cancellationToken)
                : new Filtered([manifest], []);
            Count(attempt, manifest, filtered);
            Removed.AddRange(filtered.Removed);
            result.AddRange(filtered.Manifests);
        }

        var missing = criteria.Required.Except(Removed.Select(f => f.FilePath)).FirstOrDefault();
        if (missing is not null)
            throw new TarnException(ErrorKind.Conflict, $"File '{missing}' cannot be removed: it is not in the table any more. Somebody else removed or rewrote it; nothing was applied.");
        return result;
    }

    /// <summary>Filters delete manifests after the data manifests: what applied to removed files or partitions only, or to nothing any more, goes.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="minSequenceNumber">Lowest data sequence number of the remaining data files: older deletes apply to nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<List<ManifestFile>> DeletesAsync(SnapshotAttempt attempt, long minSequenceNumber, CancellationToken cancellationToken)
    {
        var bound = criteria.Bound(attempt.Table);
        var gone = Removed.Select(f => f.FilePath).ToHashSet(StringComparer.Ordinal);
        List<ManifestFile> result = [];
        foreach (var manifest in attempt.ParentManifests.Where(m => m.Content == ManifestContent.Deletes && HasLiveFiles(m)))
        {
            if (Removed.Count == 0)
            {
                result.Add(manifest);
                continue;
            }

            var projection = new PartitionProjection(attempt.Table.Spec(manifest.PartitionSpecId));
            var entries = await files.EntriesAsync(attempt.Table, manifest, cancellationToken);
            bool Applies(ManifestEntry e) =>
                (e.SequenceNumber is > 0 and { } number && number < minSequenceNumber)
                || (DeleteFileIndex.IsBoundByPartition(e.DataFile, attempt.Table) && criteria.MatchesDeletes(e.DataFile, projection, bound))
                || (DeleteFileIndex.ReferencedFile(e.DataFile) is { } path && gone.Contains(path));
            var filtered = await RewriteAsync(attempt, manifest, entries, Applies, cancellationToken);
            Count(attempt, manifest, filtered);
            result.AddRange(filtered.Manifests);
        }

        return result;
    }

    private async ValueTask<Filtered> FilterAsync(SnapshotAttempt attempt, ManifestFile manifest, Func<DataFile, bool> matches, CancellationToken cancellationToken)
    {
        var key = (manifest.ManifestPath, attempt.Table.CurrentSchemaId);
        if (known.TryGetValue(key, out var filtered))
            return filtered;
        var entries = await files.EntriesAsync(attempt.Table, manifest, cancellationToken);
        return known[key] = await RewriteAsync(attempt, manifest, entries, e => matches(e.DataFile), cancellationToken);
    }

    private async ValueTask<Filtered> RewriteAsync(
        SnapshotAttempt attempt, ManifestFile manifest, IReadOnlyList<ManifestEntry> entries, Func<ManifestEntry, bool> matches, CancellationToken cancellationToken)
    {
        List<ManifestEntry> rewritten = [];
        List<DataFile> removed = [];
        foreach (var entry in entries.Where(e => e.IsLive))
        {
            if (matches(entry))
            {
                removed.Add(entry.DataFile);
                rewritten.Add(entry with { Status = ManifestEntryStatus.Deleted, SnapshotId = attempt.SnapshotId });
            }
            else
            {
                rewritten.Add(entry with { Status = ManifestEntryStatus.Existing });
            }
        }

        return removed.Count == 0
            ? new Filtered([manifest], [])
            : new Filtered(await files.WriteAsync(attempt.Table, manifest.PartitionSpecId, manifest.Content, attempt.SnapshotId, rewritten, cancellationToken), removed);
    }

    private static void Count(SnapshotAttempt attempt, ManifestFile manifest, Filtered filtered)
    {
        if (filtered.Removed.Count == 0)
            return;
        attempt.ReplacedManifests++;
        var spec = attempt.Table.Spec(manifest.PartitionSpecId);
        var type = ManifestFiles.PartitionType(attempt.Table, spec.SpecId);
        foreach (var file in filtered.Removed)
            attempt.Summary.Removed(file, spec, type);
    }

    private sealed record Filtered(IReadOnlyList<ManifestFile> Manifests, IReadOnlyList<DataFile> Removed);
}
