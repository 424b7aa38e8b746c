using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Tables;

/// <summary>The answer to a request that made a table of the <c>name</c> in its body.</summary>
internal static class MadeTable
{
    /// <summary>Answers the first time.</summary>
    public static async ValueTask<RestAnswer> AnswerAsync(RestCall call, TableHandle made, CancellationToken cancellationToken) =>
        TableAnswer.Of(made, await call.Services.DataAccess.DescribeMadeAsync(call, made, cancellationToken));

    /// <summary>Answers again with the state that the first request left.</summary>
    public static async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken)
    {
        var name = await call.ReadNameAsync(cancellationToken);
        return await AnswerAsync(call, await call.Services.Warehouses.Requests.LoadTableAsync(name, applied.Result[0], cancellationToken), cancellationToken);
    }
}
