using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>States of a plan as answers (<c>PlanStatus</c>).</summary>
internal static class PlanAnswer
{
    /// <summary>The first page is there.</summary>
    public static RestAnswer Completed(PlannedScan plan, PlanPage page, TableAccess access) => RestAnswer.Json(json =>
    {
        json.WriteString("status", "completed");
        json.WriteString("plan-id", plan.Id);
        if (access.Grant is not null)
            access.WriteCredentials(json);
        ScanTasksJson.Write(json, plan, page);
    });

    /// <summary>Not yet.</summary>
    public static RestAnswer Submitted(PlannedScan plan) => RestAnswer.Json(json =>
    {
        json.WriteString("status", "submitted");
        json.WriteString("plan-id", plan.Id);
    });

    /// <summary>It cannot be planned.</summary>
    public static RestAnswer Failed(RestException failure) => RestAnswer.Json(json =>
    {
        json.WriteString("status", "failed");
        ErrorAnswer.Write(json, failure);
    });

    /// <summary>There is no such plan.</summary>
    public static RestException NoSuchPlan(string id) =>
        new(RestError.NoSuchPlanId, $"There is no plan '{id}' for this table: it was cancelled, nobody asked about it for {PlanningLimits.IdleTime.TotalMinutes:F0} minutes, or the server was started anew. Plan again.");
}
