using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary><c>GET namespaces/{namespace}/tables/{table}/credentials</c>: new temporary keys for a table that the client has loaded or staged.</summary>
internal sealed class LoadCredentials : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var (name, metadata, staged) = await StagedTable.FindAsync(call, null, cancellationToken);
        var access = call.Services.DataAccess;
        var (found, limits) = await access.FindGrantAsync(call, name, metadata, cancellationToken);
        if (found is { } grant)
            return RestAnswer.Json((await access.VendAsync(call, name, metadata, grant, staged, cancellationToken)).WriteRenewed);
        if (call.Services.Options.ClientStorage?.Port is not null)
            throw new RestException(RestError.Forbidden, $"There are no credentials for {name}: {limits?.Of(DataRights.Read) ?? "reading its files needs catalog:ReadData on it, and on every table with files in the same folders, which lie below an allowed location."}");
        return RestAnswer.Json(TableAccess.None.WriteRenewed);
    }
}
