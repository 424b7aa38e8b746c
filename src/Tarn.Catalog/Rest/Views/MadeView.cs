using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Operations;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Views;

/// <summary>The answer to a request that made a view of the <c>name</c> in its body.</summary>
internal static class MadeView
{
    /// <summary>Answers again with the state that the first request left.</summary>
    public static async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken)
    {
        var name = await call.ReadNameAsync(cancellationToken);
        return ViewAnswer.Of(await call.Services.Warehouses.Requests.LoadViewAsync(name, applied.Result[0], cancellationToken));
    }
}
