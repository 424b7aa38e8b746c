using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary><c>HEAD namespaces/{namespace}</c>.</summary>
internal sealed class NamespaceExists : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken) =>
        await call.Catalog.LoadNamespaceAsync(call.Namespace, cancellationToken) is null ? throw RestException.NoSuchNamespace(call.Namespace) : RestAnswer.NoContent;
}
