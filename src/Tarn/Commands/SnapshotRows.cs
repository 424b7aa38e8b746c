using System.Globalization;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Commands;

/// <summary>How many rows stand in the snapshots of a table, and how many each took away.</summary>
/// <param name="lake">Counts them.</param>
/// <param name="table">The table.</param>
/// <param name="unreadable">Told of each snapshot that cannot be counted.</param>
internal sealed class SnapshotRows(ILake lake, TableHandle table, Action<TarnException> unreadable)
{
    private readonly Dictionary<long, long?> _counted = [];

    /// <summary>The rows of a snapshot; null when they are not known.</summary>
    public async ValueTask<long?> CountAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (_counted.TryGetValue(snapshot.SnapshotId, out long? known))
            return known;
        try
        {
            return _counted[snapshot.SnapshotId] = await lake.CountRowsAsync(table, snapshot, cancellationToken);
        }
        catch (TarnException error)
        {
            unreadable(new TarnException(error.Kind, string.Create(CultureInfo.InvariantCulture, $"The rows of snapshot {snapshot.SnapshotId} cannot be counted: {error.Message}"), error));
            return _counted[snapshot.SnapshotId] = null;
        }
    }

    /// <summary>
    /// The rows that a snapshot took away; null when they are not known. Where there are delete files it is what is missing to its parent's and its own new rows:
    /// records in files that it removed may have been deleted before.
    /// </summary>
    public async ValueTask<long?> RemovedAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var parent = snapshot.ParentSnapshotId is { } id ? table.Metadata.FindSnapshot(id) : null;
        if (IsFreeOfDeletes(snapshot) && (parent is null ? snapshot.Count("removed-delete-files") is null or 0 : IsFreeOfDeletes(parent)))
            return snapshot.Count("deleted-records") ?? 0;
        long? before = parent is not null ? await CountAsync(parent, cancellationToken) : snapshot.ParentSnapshotId is null ? 0 : null;
        return before + (snapshot.Count("added-records") ?? 0) - await CountAsync(snapshot, cancellationToken) is >= 0 and var removed ? removed : null;
    }

    private bool IsFreeOfDeletes(Snapshot snapshot) => snapshot.IsFreeOfDeletes || table.Metadata.FormatVersion == 1;
}
