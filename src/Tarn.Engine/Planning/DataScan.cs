using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.DuckDb;
using Tarn.Engine.Avro;
using Tarn.Engine.Deletes;
using Tarn.Engine.Execution;
using Tarn.Engine.Functions;
using Tarn.Engine.Relations;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>Opens the data and delete files of one scan and makes the SQL that reads them.</summary>
internal sealed class DataScan(EngineServices services, DuckDbConnection connection, SessionTrust trust, PlannedQuery planned, ScanReference scan)
{
    private readonly OpenFiles opened = new(services, trust, scan.Table.Handle.Identifier, scan.Scan.Metadata, planned.Own) { OnOpened = planned.AddFile };

    /// <summary>Adds the scan to the query; its files are held until the query is disposed.</summary>
    public async ValueTask<string> AddAsync(DiscoveredFilter filter, CancellationToken cancellationToken)
    {
        var (table, metrics) = await OpenAsync(filter, isCount: false, cancellationToken).ConfigureAwait(false);
        planned.Add(new PlannedScan(scan, filter, metrics, table));
        return TableRelation.ToSql(table, scan.Scan.Metadata.Schemas);
    }

    /// <summary>
    /// Adds the scan of a query that only counts rows: files tell how many they have, and deleted positions are taken off. Only the rows of files with
    /// equality deletes that have not become positions are read.
    /// </summary>
    /// <returns>The rows that are counted, and the query that reads the others.</returns>
    public async ValueTask<(long Counted, string RestSql)> CountAsync(CancellationToken cancellationToken)
    {
        var (table, metrics) = await OpenAsync(DiscoveredFilter.None, isCount: true, cancellationToken).ConfigureAwait(false);
        var byKind = table.Files.ToLookup(f => table.Equality.Any(s => s.DataFiles.Contains(f.File.FilePath)));
        planned.Add(new PlannedScan(scan, DiscoveredFilter.None, metrics, table) { CountedFiles = byKind[false].Count(), ComparedFiles = byKind[true].Count() });
        // Deletes may name positions that a file does not have.
        long counted = byKind[false].Sum(f => f.RowCount - (f.Deleted?.CountBelow(f.RowCount) ?? 0));
        return (counted, TableRelation.ToSql(table with { Files = [.. byKind[true]] }, scan.Scan.Metadata.Schemas));
    }

    private async ValueTask<(TableFiles Table, ScanMetrics Metrics)> OpenAsync(DiscoveredFilter filter, bool isCount, CancellationToken cancellationToken)
    {
        var plan = await services.Planner.PlanAsync(scan.Scan.Where(filter.Filter), cancellationToken).ConfigureAwait(false);
        // Manifests name what was added last first. Rows come in the order in which they were added, as from a table of the engine itself.
        List<FileScanTask> tasks = [.. InOrder(plan.Tasks)];
        foreach (var task in tasks)
            RefuseUnreadable(task);
        await opened.LeaseAsync(tasks.Select(t => t.File), cancellationToken).ConfigureAwait(false);
        List<ScanFile> files = [.. tasks.Select(t => opened.Open(t.File, t.Spec))];
        var table = new TableFiles(scan.Schema, files.TrueForAll(f => f.HasFieldIds) ? null : Mapping(), files) { Register = opened.Register };
        return (await ApplyDeletesAsync(table, tasks, isCount, cancellationToken).ConfigureAwait(false), plan.Metrics);
    }

    // Version 1 numbers no commits: there the times of the snapshots tell, and what one added that is expired comes first.
    private IEnumerable<FileScanTask> InOrder(IReadOnlyList<FileScanTask> tasks)
    {
        var numbered = tasks.OrderBy(t => t.SequenceNumber);
        if (tasks.All(t => t.SequenceNumber > 0))
            return numbered;
        var addedMs = scan.Scan.Metadata.Snapshots.DistinctBy(s => s.SnapshotId).ToDictionary(s => s.SnapshotId, s => s.TimestampMs);
        return numbered.ThenBy(t => t is { SequenceNumber: 0, SnapshotId: { } id } ? addedMs.GetValueOrDefault(id) : 0);
    }

    private async ValueTask<TableFiles> ApplyDeletesAsync(TableFiles table, IReadOnlyList<FileScanTask> tasks, bool isCount, CancellationToken cancellationToken)
    {
        if (tasks.All(t => t.Deletes.Count == 0))
            return table;
        await opened.LeaseAsync(tasks.SelectMany(t => t.Deletes).Select(d => d.DataFile).Where(d => d.Content == FileContent.EqualityDeletes), cancellationToken).ConfigureAwait(false);
        var sets = EqualityDeleteSet.Of(tasks, scan.Scan.Metadata.Spec, opened.OpenDelete);
        var deleted = await new DeletedPositions(services, connection, opened).ReadAsync(tasks, cancellationToken).ConfigureAwait(false);
        table = table with { Files = [.. EqualityDeleteSet.Mark(tasks, table.Files, sets)], Equality = sets, LoadKeys = (sql, deletes) => LoadKeys(sql, deletes, cancellationToken) };
        table = FindPositions(table, tasks, isCount, cancellationToken);
        var files = table.Files.Select(f => deleted.TryGetValue(f.File.FilePath, out var positions) ? f with { Deleted = f.Deleted is null ? positions : PositionBitmap.Union([f.Deleted, positions]) } : f).ToList();
        var lease = services.LiveRows.Add(files.Where(f => f.Deleted is not null).DistinctBy(f => f.Path, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Path, f.Deleted!)));
        planned.Own(lease);
        return table with { Files = files, LiveKey = lease.Key };
    }

    private long LoadKeys(string sql, IReadOnlyList<ScanFile> deletes, CancellationToken cancellationToken)
    {
        var lease = services.KeptRows.Add(cancelled => ReadKeys(sql, deletes, cancelled), planned.IsRun, cancellationToken);
        planned.Own(lease);
        return lease.Key;
    }

    // On a connection of its own: that of the session prepares the query meanwhile.
    private DeletedKeys ReadKeys(string sql, IReadOnlyList<ScanFile> deletes, CancellationToken cancellationToken)
    {
        try
        {
            using var own = services.Instance(trust).Connect();
            using var result = own.Stream(sql, cancellationToken);
            return KeptRows.Read(result, [.. deletes.Select(d => d.File)], cancellationToken);
        }
        catch (DuckDbException damage) when (damage.Type != DuckDbErrorType.OutOfMemory)
        {
            throw OpenFiles.Damaged("Equality", deletes, damage);
        }
    }

    private TableFiles FindPositions(TableFiles table, IReadOnlyList<FileScanTask> tasks, bool atOnce, CancellationToken cancellationToken)
    {
        try
        {
            return new EqualityDeletePositions(services.DeletedPositions, scan.Scan.Metadata.Schemas, sql => connection.Stream(sql, cancellationToken)).Apply(table, tasks, atOnce, !planned.IsRun, cancellationToken);
        }
        catch (DuckDbException damage) when (damage.Type != DuckDbErrorType.OutOfMemory)
        {
            var explained = DamagedFiles.Explain(damage, services.Instance(trust), planned);
            throw explained is DuckDbException ? OpenFiles.Damaged("Equality", [.. table.Equality.SelectMany(s => s.Deletes)], damage) : explained;
        }
    }

    private void RefuseUnreadable(FileScanTask task)
    {
        if (task.File.Format is not (FileFormat.Parquet or FileFormat.Avro))
            throw TarnException.Unsupported($"Table '{scan.Table.Handle.Identifier}' has {task.File.Format} data files (e.g. '{task.File.FilePath}'); this version of Tarn reads Parquet and Avro.");
    }

    private NameMapping? Mapping() =>
        scan.Scan.Metadata.Properties.TryGetValue(NameMapping.PropertyName, out string? json) ? NameMappingJson.Read(json, scan.Table.Handle.MetadataLocation) : null;
}
