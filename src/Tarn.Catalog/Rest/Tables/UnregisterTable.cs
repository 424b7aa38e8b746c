using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>POST namespaces/{namespace}/tables/{table}/unregister</c>: forgets a table and answers its last metadata, so that another catalog can register it.</summary>
internal sealed class UnregisterTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var last = await call.Catalog.UnregisterTableAsync(call.Table, cancellationToken) ?? throw RestException.NoSuchTable(call.Table);
        return Of(call, last);
    }

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) =>
        Of(call, await call.Services.Warehouses.Requests.LoadTableAsync(call.Table, applied.Result[0], cancellationToken));

    private static RestAnswer Of(RestCall call, TableHandle last) => TableAnswer.Of(last, TableAccess.ToStorage(call, last.Metadata)) with { EntityTag = null };
}
