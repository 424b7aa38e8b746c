using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Planning;

/// <summary><c>DELETE namespaces/{namespace}/tables/{table}/plan/{plan-id}</c>: the client needs no more of a plan.</summary>
internal sealed class CancelPlanning : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var owner = await PlanAccess.RequireAsync(call, cancellationToken);
        string id = PathCoding.Decode(call.Match["plan-id"]);
        return call.Services.Plans.Cancel(id, owner) ? RestAnswer.NoContent : throw PlanAnswer.NoSuchPlan(id);
    }
}
