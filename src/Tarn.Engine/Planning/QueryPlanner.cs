using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Foreign;
using Tarn.Engine.Lineage;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>The way from a query to SQL that the engine runs: bind names, find filters, choose files, make relations.</summary>
internal sealed class QueryPlanner(EngineServices services, QueryBinder binder, DuckDbConnection connection, SessionTrust trust, StatementLineage? lineage)
{
    /// <summary>Plans a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="scope">Where unqualified names are looked up.</param>
    /// <param name="parameters">Values of its parameters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="explain">Find filters even where there is nothing to prune, to show them.</param>
    /// <param name="run">Whether the query runs then.</param>
    public async ValueTask<PlannedQuery> PlanAsync(QueryText query, NameScope scope, IReadOnlyList<object?> parameters, CancellationToken cancellationToken, bool explain = false, bool run = true)
    {
        var bound = await binder.BindAsync(query, scope, cancellationToken).ConfigureAwait(false);
        lineage?.Read(bound);
        bound = bound with { ZonedColumns = ZonedColumns.Of(bound, connection) };
        var planned = new PlannedQuery(bound) { IsRun = run, PackedFiles = run ? LocalFileReference.FindPacked(bound.LocalFiles, connection) : [] };
        try
        {
            foreach (var scan in bound.Scans.Where(s => s.IsData))
                RefuseColumns(scan);
            RefuseChangedViews(bound);
            if (bound is { CountColumns: { } columns, Scans: [{ IsData: true, Table.Layout: null } whole] })
            {
                var (counted, rest) = await new DataScan(services, connection, trust, planned, whole).CountAsync(cancellationToken).ConfigureAwait(false);
                planned.Bound = bound with { Sql = RowCountQuery.ToSql(columns, counted, rest), OriginalOffset = _ => 0 };
                return planned;
            }

            var filters = bound.MayFilter && (explain || bound.Scans.Any(HasFilesToPrune))
                ? new FilterDiscovery(connection, services.Relations).Find(bound, parameters)
                : [.. bound.Scans.Select(_ => DiscoveredFilter.None)];
            var relations = new List<string>(bound.Scans.Count);
            foreach (var (scan, filter) in bound.Scans.Zip(filters))
            {
                string relation = await AddAsync(planned, scan, filter, cancellationToken).ConfigureAwait(false);
                relations.Add(bound.IsMisread ? $"SELECT * FROM ({relation}) OFFSET 0" : relation);
            }

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
        scan.IsData && !(scan.Scan.Snapshot?.Count("total-data-files") <= 1);

    private async ValueTask<string> AddAsync(PlannedQuery planned, ScanReference scan, DiscoveredFilter filter, CancellationToken cancellationToken)
    {
        if (!scan.IsData)
        {
            var lease = await MetadataRelation.AddAsync(services, scan, cancellationToken).ConfigureAwait(false);
            planned.Own(lease);
            return $"SELECT * FROM {lease.Sql}";
        }

        if (scan.Table.Layout is { } layout)
            return await new ForeignScan(services, trust, planned, scan, layout).AddAsync(filter, cancellationToken).ConfigureAwait(false);
        return await new DataScan(services, connection, trust, planned, scan).AddAsync(filter, cancellationToken).ConfigureAwait(false);
    }

    private void RefuseChangedViews(BoundQuery bound)
    {
        if (bound.Starred.Count == 0)
            return;
        string[] shapes = [.. bound.Scans.Select(s => RelationShape.Of(s.IsData ? s.Schema.Fields : MetadataRelation.SchemaOf(services, s).Fields))];
        foreach (var starred in bound.Starred)
        {
            if (ChangeOf(starred, bound, shapes) is { } change)
                throw TarnException.Invalid($"View '{starred.View.Handle.Identifier}' says {change} when the view was made: what it reads has other columns since. Make the view anew, CREATE OR REPLACE VIEW … AS …, best with the columns that are meant in place of *.");
        }
    }

    private string? ChangeOf(StarredView starred, BoundQuery bound, IReadOnlyList<string> shapes)
    {
        try
        {
            return ViewStars.Change((bound with { Sql = starred.Sql }).With(shapes).Sql, starred.Columns, starred.MayGrow, name => bound.OriginalNames.GetValueOrDefault(name, name), connection);
        }
        catch (DuckDbException)
        {
            // A column that the view names is gone, for instance: running the query says so, and where.
            return null;
        }
    }

    private static void RefuseColumns(ScanReference scan)
    {
        if (EngineType.FirstUnreadable(scan.Schema) is { } field)
            throw TarnException.Unsupported($"Table '{scan.Table.Handle.Identifier}' has column '{scan.Schema.FindName(field.Id)}' of type {field.Type}, which this version of Tarn does not read.");
    }
}
