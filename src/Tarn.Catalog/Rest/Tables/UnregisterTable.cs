using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>POST namespaces/{namespace}/tables/{table}/unregister</c>: forgets a table and answers its last metadata, so that another catalog can register it.</summary>
internal sealed class UnregisterTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var last = await call.Catalog.UnregisterTableAsync(call.Table, cancellationToken) ?? throw RestException.NoSuchTable(call.Table);
        // Kept whole for a repetition: there is nothing left to make it of.
        return TableAnswer.Of(last, TableAccess.ToStorage(call, last.Metadata)) with { EntityTag = null, Reload = null };
    }
}
