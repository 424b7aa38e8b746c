using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// The rule by which a commit that is made again counts as made: clients repeat what they got no answer to. A commit has been made when every
/// snapshot that it adds is in the table with the same content, in the line of the branch that it moves, and applying all the rest of it
/// would change nothing. A commit without snapshot and without creation is never taken for a repetition: its requirements decide.
/// </summary>
internal sealed class RepeatedCommit(ManifestLists lists)
{
    /// <summary>Whether the commit stands in the table already.</summary>
    /// <param name="present">The table.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="now">Time, for the trial application.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<bool> IsInAsync(TableMetadata present, TableCommit commit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Snapshot[] snapshots = [.. commit.Updates.OfType<TableUpdate.AddSnapshot>().Select(u => u.Snapshot)];
        bool creates = commit.Requirements.Any(r => r is TableRequirement.AssertCreate);
        bool isSameCreation = creates && present.TableUuid is not null && commit.Updates.OfType<TableUpdate.AssignUuid>().Any(u => u.Uuid == present.TableUuid);
        if (creates ? !isSameCreation : snapshots.Length == 0)
            return false;
        if (commit.Requirements.Any(r => r is TableRequirement.AssertTableUuid && !r.IsMet(present)))
            return false;
        foreach (var snapshot in snapshots)
        {
            if (present.FindSnapshot(snapshot.SnapshotId) is not { } there || !await IsSameAsync(there, snapshot, cancellationToken).ConfigureAwait(false))
                return false;
        }

        return ChangesNothing(present, commit.Updates.Where(u => !IsFulfilled(present, u, snapshots)), now);
    }

    private static bool IsFulfilled(TableMetadata present, TableUpdate update, Snapshot[] snapshots) => update switch
    {
        TableUpdate.AddSnapshot => true,
        // Others may have gone on from there.
        TableUpdate.SetSnapshotRef u => Array.Exists(snapshots, s => s.SnapshotId == u.Ref.SnapshotId)
            && present.Refs.TryGetValue(u.RefName, out var reference) && reference.Type == u.Ref.Type && present.IsAncestor(u.Ref.SnapshotId, reference.SnapshotId),
        TableUpdate.SetStatistics u => present.Statistics.Exists(s => s.SnapshotId == u.Statistics.SnapshotId && s.StatisticsPath == u.Statistics.StatisticsPath),
        TableUpdate.SetPartitionStatistics u => present.PartitionStatistics.Exists(s => s.SnapshotId == u.PartitionStatistics.SnapshotId && s.StatisticsPath == u.PartitionStatistics.StatisticsPath),
        _ => false,
    };

    private static bool ChangesNothing(TableMetadata present, IEnumerable<TableUpdate> updates, DateTimeOffset now)
    {
        try
        {
            return ReferenceEquals(TableMetadataBuilder.Apply(present, updates, now), present);
        }
        catch (TarnException)
        {
            // What cannot be applied at all has not been applied either.
            return false;
        }
    }

    private async ValueTask<bool> IsSameAsync(Snapshot there, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (there.Operation != snapshot.Operation || there.SchemaId != snapshot.SchemaId || there.ManifestList is null || snapshot.ManifestList is null)
            return false;
        if (there.ManifestList == snapshot.ManifestList || there.Summary.GetValueOrDefault(RebasedSummary.RebasedFrom) == snapshot.ManifestList)
            return true;
        // A client that writes a new list for each try brings the same manifests in it.
        return snapshot.Operation == "append" && await HasSameManifestsAsync(there, snapshot, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> HasSameManifestsAsync(Snapshot there, Snapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            var own = await OwnAsync(snapshot, cancellationToken).ConfigureAwait(false);
            return own.Count > 0 && own.SetEquals(await OwnAsync(there, cancellationToken).ConfigureAwait(false));
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted or ErrorKind.Unsupported)
        {
            return false;
        }
    }

    private async ValueTask<HashSet<string>> OwnAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        (await lists.ReadAsync(snapshot.ManifestList!, cancellationToken).ConfigureAwait(false))
            .Where(m => m.AddedSnapshotId == snapshot.SnapshotId).Select(m => m.ManifestPath).ToHashSet(StringComparer.Ordinal);
}
