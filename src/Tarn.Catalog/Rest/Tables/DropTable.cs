using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>DELETE namespaces/{namespace}/tables/{table}</c>; with <c>purgeRequested</c> its files are deleted too.</summary>
internal sealed class DropTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken) =>
        await call.Catalog.DropTableAsync(call.Table, call.Request.Query.Flag("purgeRequested"), cancellationToken) ? RestAnswer.NoContent : throw RestException.NoSuchTable(call.Table);
}
