using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>
/// How many rows of a table stand, by its manifests and what they delete by position; no data file is opened. Totals of a snapshot summary do not tell as soon as
/// there are delete files: those of rewritten data files stay and are counted on, and one position may be deleted twice.
/// </summary>
internal sealed class LiveRowCount(EngineServices services, SessionTrust trust)
{
    /// <summary>The rows of a snapshot, or null where only reading data files would tell: equality deletes apply to some.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: a manifest or delete file is missing or damaged.</exception>
    public async ValueTask<long?> FindAsync(TableHandle table, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if ((snapshot.IsFreeOfDeletes || table.Metadata.FormatVersion == 1) && snapshot.Count("total-records") is { } total)
            return total;
        // Whether they still apply to any file, the manifests of each of the many snapshots that streams of changes make would have to tell.
        if (snapshot.Count("total-equality-deletes") > 0)
            return null;
        var plan = await services.Planner.PlanAsync(TableScan.Of(table.Metadata).UseSnapshot(snapshot.SnapshotId), cancellationToken).ConfigureAwait(false);
        return await FindAsync(table, plan.Tasks, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The rows of data files, or null where only reading them would tell.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: a delete file is missing or damaged.</exception>
    public async ValueTask<long?> FindAsync(TableHandle table, IReadOnlyList<FileScanTask> tasks, CancellationToken cancellationToken)
    {
        if (tasks.Any(t => t.File.RecordCount < 0 || t.Deletes.Any(d => d.DataFile.Content == FileContent.EqualityDeletes)))
            return null;
        // A vector has as many positions as its manifest says; a position delete file may name many data files, and a position that another names too.
        FileScanTask[] compared = [.. tasks.Where(t => t.Deletes.Any(d => !d.DataFile.IsDeletionVector))];
        var deleted = await DeletedAsync(table, compared, cancellationToken).ConfigureAwait(false);
        return tasks.Sum(t => t.File.RecordCount)
            - tasks.SelectMany(t => t.Deletes).Where(d => d.DataFile.IsDeletionVector).Sum(d => d.DataFile.RecordCount)
            - compared.Sum(t => deleted.GetValueOrDefault(t.File.FilePath)?.CountBelow(t.File.RecordCount) ?? 0);
    }

    private async ValueTask<IReadOnlyDictionary<string, PositionBitmap>> DeletedAsync(TableHandle table, FileScanTask[] tasks, CancellationToken cancellationToken)
    {
        if (tasks.Length == 0)
            return new Dictionary<string, PositionBitmap>();
        var held = new Stack<IDisposable>();
        try
        {
            using var connection = services.Instance(trust).Connect();
            var files = new OpenFiles(services, trust, table.Identifier, table.Metadata, held.Push);
            return await new DeletedPositions(services, connection, files).ReadAsync(tasks, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            while (held.TryPop(out var resource))
                resource.Dispose();
        }
    }
}
