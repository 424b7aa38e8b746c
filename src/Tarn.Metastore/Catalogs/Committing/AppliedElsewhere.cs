using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// Knows commits that come again after their table got another name, was dropped or stayed on another branch only. A refusal would make their clients delete the
/// files of a table that stands: they are told that nobody knows.
/// </summary>
/// <param name="files">Reads metadata files.</param>
internal sealed class AppliedElsewhere(MetadataFiles files)
{
    /// <summary>The table that a commit has created; null when it creates none or has not been made. Nobody draws the same identity twice.</summary>
    public static Guid? FindCreated(LogState state, TableCommit commit) =>
        commit.Requirements.Any(r => r is TableRequirement.AssertCreate) && commit.Updates.OfType<TableUpdate.AssignUuid>().FirstOrDefault(u => TablesOf(state, u.Uuid).Any()) is { } made ? made.Uuid : null;

    /// <summary>The error for a commit that was made, or null when it certainly was not.</summary>
    public async ValueTask<CommitStateUnknownException?> FindAsync(LogState state, TableCommit commit, CancellationToken cancellationToken) =>
        FindCreated(state, commit) is not null || await HasSnapshotsAsync(state, commit, cancellationToken).ConfigureAwait(false)
            ? new CommitStateUnknownException($"A commit to table '{commit.Table}' was made before under this or another name, on this or another branch, and cannot be made again. Keep all of its files, and look for the table.")
            : null;

    private async ValueTask<bool> HasSnapshotsAsync(LogState state, TableCommit commit, CancellationToken cancellationToken)
    {
        long[] snapshots = [.. commit.Updates.OfType<TableUpdate.AddSnapshot>().Select(u => u.Snapshot.SnapshotId)];
        if (snapshots.Length == 0 || commit.Requirements.OfType<TableRequirement.AssertTableUuid>().FirstOrDefault() is not { Uuid: var uuid })
            return false;
        foreach (string location in TablesOf(state, uuid).Distinct(StringComparer.Ordinal))
        {
            // Of a table that cannot be read nobody knows what it has: its files stay.
            if (await TryReadAsync(location, cancellationToken).ConfigureAwait(false) is not { } table || Array.TrueForAll(snapshots, id => table.FindSnapshot(id) is not null))
                return true;
        }

        return false;
    }

    private async ValueTask<TableMetadata?> TryReadAsync(string location, CancellationToken cancellationToken)
    {
        try
        {
            return (await files.ReadTableAsync(location, cancellationToken).ConfigureAwait(false)).Metadata;
        }
        catch (TarnException)
        {
            return null;
        }
    }

    private static IEnumerable<string> TablesOf(LogState state, Guid uuid) =>
        state.Catalogs.SelectMany(c => c.Value.Pointers).Where(p => !p.IsView && p.Uuid == uuid).Select(p => p.MetadataLocation)
            .Concat(state.Dropped.Values.Where(d => !d.IsView && d.Uuid == uuid).Select(d => d.MetadataLocation));
}
