using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Functions;

/// <summary><c>GET namespaces/{namespace}/functions</c>: no namespace holds functions.</summary>
internal sealed class ListFunctions : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken) =>
        await call.Catalog.LoadNamespaceAsync(call.Namespace, cancellationToken) is null
            ? throw RestException.NoSuchNamespace(call.Namespace)
            : ListAnswer.Identifiers(new Page<TableIdentifier>([]));
}
