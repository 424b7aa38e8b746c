using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.DuckDb;
using Tarn.Engine.Naming;
using Tarn.Engine.Relations;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Types;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>The way from a query to SQL that the engine runs: bind names, find filters, choose files, make relations.</summary>
internal sealed class QueryPlanner(EngineServices services, QueryBinder binder, DuckDbConnection connection, SessionTrust trust)
{
    /// <summary>Plans a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="scope">Where unqualified names are looked up.</param>
    /// <param name="parameters">Values of its parameters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="explain">Find filters even where there is nothing to prune, to show them.</param>
    public async ValueTask<PlannedQuery> PlanAsync(QueryText query, NameScope scope, IReadOnlyList<object?> parameters, CancellationToken cancellationToken, bool explain = false)
    {
        var bound = await binder.BindAsync(query, scope, cancellationToken).ConfigureAwait(false);
        bound = bound with { ZonedColumns = ZonedColumns.Of(bound, connection) };
        var planned = new PlannedQuery(bound);
        try
        {
            foreach (var scan in bound.Scans.Where(s => s.IsData))
                RefuseColumns(scan);
            var filters = bound.MayFilter && (explain || bound.Scans.Any(HasFilesToPrune))
                ? new FilterDiscovery(connection, services.Relations).Find(bound, parameters)
                : [.. bound.Scans.Select(_ => DiscoveredFilter.None)];
            var relations = new List<string>(bound.Scans.Count);
            foreach (var (scan, filter) in bound.Scans.Zip(filters))
                relations.Add(await AddAsync(planned, scan, filter, cancellationToken).ConfigureAwait(false));
            planned.Bound = bound.With(relations);
            return planned;
        }
        catch
        {
            planned.Dispose();
            throw;
        }
    }

    // Finding filters costs a round of the engine's optimizer, and in a single file the engine itself skips what it can.
    private static bool HasFilesToPrune(ScanReference scan) =>
        scan.IsData && !(scan.Scan.Snapshot is { } snapshot && long.TryParse(snapshot.Summary.GetValueOrDefault("total-data-files"), out long files) && files <= 1);

    private async ValueTask<string> AddAsync(PlannedQuery planned, ScanReference scan, DiscoveredFilter filter, CancellationToken cancellationToken)
    {
        if (!scan.IsData)
        {
            var lease = await MetadataRelation.AddAsync(services, scan, cancellationToken).ConfigureAwait(false);
            planned.Own(lease);
            return $"SELECT * FROM {lease.Sql}";
        }

        var plan = await services.Planner.PlanAsync(scan.Scan.Where(filter.Filter), cancellationToken).ConfigureAwait(false);
        foreach (var task in plan.Tasks)
            RefuseUnreadable(scan, task);
        var leases = await FileLeases.TakeAsync(services.Store, [.. plan.Tasks.Select(t => t.File.FilePath)], cancellationToken).ConfigureAwait(false);
        foreach (var lease in leases)
            planned.Own(lease);
        List<ScanFile> files = [.. plan.Tasks.Zip(leases, (task, lease) => Open(planned, scan, task, lease))];
        var mapping = files.TrueForAll(f => f.Footer.HasFieldIds) ? null : Mapping(scan);
        planned.Add(new PlannedScan(scan, filter, plan.Metrics, files, mapping));
        return TableRelation.ToSql(scan.Schema, mapping, files);
    }

    private ScanFile Open(PlannedQuery planned, ScanReference scan, FileScanTask task, LocalLease lease)
    {
        if (trust == SessionTrust.Untrusted)
            RefuseForeign(scan, lease.Path);
        planned.AddFile(task.File.FilePath, lease.Path);
        var footer = services.Footers.Get(task.File.FilePath, lease.Path);
        var (path, shown) = services.Shadows.Open(task.File.FilePath, lease.Path, footer);
        return new ScanFile(task.File, task.Spec, path, shown);
    }

    private void RefuseForeign(ScanReference scan, string path)
    {
        if (!services.Options.DataDirectories.Any(d => path.StartsWith(Path.TrimEndingDirectorySeparator(d) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw new TarnException(ErrorKind.PermissionDenied, $"Data file '{path}' of table '{scan.Table.Handle.Identifier}' lies outside of the folders that this session may read. Ask the operator of the lake to add its folder.");
    }

    private static void RefuseColumns(ScanReference scan)
    {
        if (EngineType.FirstUnreadable(scan.Schema) is { } field)
            throw TarnException.Unsupported($"Table '{scan.Table.Handle.Identifier}' has column '{scan.Schema.FindName(field.Id)}' of type {field.Type}, which this version of Tarn does not read.");
    }

    private static void RefuseUnreadable(ScanReference scan, FileScanTask task)
    {
        if (task.Deletes.Count > 0)
            throw TarnException.Unsupported($"Table '{scan.Table.Handle.Identifier}' has delete files (e.g. '{task.Deletes[0].DataFile.FilePath}'), which this version of Tarn does not apply. Rewrite its data files with the engine that wrote them.");
        if (task.File.Format != FileFormat.Parquet)
            throw TarnException.Unsupported($"Table '{scan.Table.Handle.Identifier}' has {task.File.Format} data files (e.g. '{task.File.FilePath}'); this version of Tarn reads Parquet.");
    }

    private static NameMapping? Mapping(ScanReference scan) =>
        scan.Scan.Metadata.Properties.TryGetValue(NameMapping.PropertyName, out string? json) ? NameMappingJson.Read(json, scan.Table.Handle.MetadataLocation) : null;
}
