using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Tables;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Lineage;
using Tarn.Iceberg.Scanning;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>
/// <c>POST namespaces/{namespace}/tables/{table}/plan</c>: finds the files of a scan. What is ready soon is answered at once; for the rest the client asks
/// again.
/// </summary>
internal sealed class PlanTableScan : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        // 1. What is wanted, of a table that the caller may read.
        var request = PlanRequest.Read(await call.ReadJsonAsync(cancellationToken));
        var table = await LoadTable.FindAsync(call, cancellationToken);
        var owner = await PlanAccess.RequireAsync(call, cancellationToken);
        // 2. Mistakes are told before anything runs.
        var scans = request.ToScans(table.Metadata);
        if (scans.Count > 0)
            request.StatsIds(scans[0].Schema);
        // 3. Short plans are answered at once.
        var plan = call.Services.Plans.Start(owner, request, scans, (manifests, stop) => PlanAccess.RequireReadableAsync(call, table, manifests, stop), () => Record(call, table, request, scans));
        await Task.WhenAny(plan.First, Task.Delay(call.Services.Options.PlanningWait, call.Services.Time, cancellationToken));
        if (!plan.First.IsCompleted)
            return PlanAnswer.Submitted(plan);
        try
        {
            return PlanAnswer.Completed(plan, (await plan.First)!, await PlanAccess.DescribeAsync(call, table.Identifier, table.Metadata, cancellationToken));
        }
        catch
        {
            call.Services.Plans.Cancel(plan.Id, owner);
            throw;
        }
    }

    private static void Record(RestCall call, TableHandle table, PlanRequest request, IReadOnlyList<TableScan> scans)
    {
        if (call.Catalog is not AuthorizedCatalog catalog)
            return;
        var schema = scans.Count > 0 ? scans[0].Schema : table.Metadata.CurrentSchema;
        var columns = request.Select ?? schema.Fields.Select(f => f.Name);
        catalog.RecordPlan(table.Identifier, request.LastSnapshotOf(table.Metadata), [.. columns.Take(LineageObject.MaxColumns)]);
    }
}
