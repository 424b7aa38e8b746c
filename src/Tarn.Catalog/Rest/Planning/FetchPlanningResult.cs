using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Catalog.Rest.Tables;

namespace Tarn.Catalog.Rest.Planning;

/// <summary><c>GET namespaces/{namespace}/tables/{table}/plan/{plan-id}</c>: whether a plan is ready, and its first page.</summary>
internal sealed class FetchPlanningResult : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var table = await LoadTable.FindAsync(call, cancellationToken);
        var owner = await PlanAccess.RequireAsync(call, cancellationToken);
        string id = PathCoding.Decode(call.Match["plan-id"]);
        var plan = call.Services.Plans.Find(id, owner) ?? throw PlanAnswer.NoSuchPlan(id);
        if (!plan.First.IsCompleted)
            return PlanAnswer.Submitted(plan);
        if (plan.First is { IsFaulted: true, Exception.InnerException: { } failure })
            return PlanAnswer.Failed(CatalogErrorMapping.Translate(failure));
        // A client that went on to the next page has this one.
        var page = await plan.PageAsync(0, cancellationToken) ?? throw PlanAnswer.NoSuchPlan(id);
        return PlanAnswer.Completed(plan, page, await PlanAccess.DescribeAsync(call, table.Identifier, table.Metadata, cancellationToken));
    }
}
