using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Tables;

namespace Tarn.Catalog.Rest.Planning;

/// <summary><c>POST namespaces/{namespace}/tables/{table}/tasks</c>: the files that a plan task stands for, and the plan task after it.</summary>
internal sealed class FetchScanTasks : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        string task = (await call.ReadJsonAsync(cancellationToken)).Text("plan-task");
        await LoadTable.FindAsync(call, cancellationToken);
        var owner = await PlanAccess.RequireAsync(call, cancellationToken);
        var (plan, page) = await call.Services.Plans.FindPageAsync(task, owner, cancellationToken)
            ?? throw new RestException(RestError.NoSuchPlanTask, $"There is no plan task '{task}' for this table, or it was fetched and its successor too. Plan again.");
        return RestAnswer.Json(json => ScanTasksJson.Write(json, plan, page));
    }
}
