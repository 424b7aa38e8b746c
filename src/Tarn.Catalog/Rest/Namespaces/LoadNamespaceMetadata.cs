using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary><c>GET namespaces/{namespace}</c>.</summary>
internal sealed class LoadNamespaceMetadata : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var name = call.Namespace;
        return NamespaceAnswer.Of(name, await call.Catalog.LoadNamespaceAsync(name, cancellationToken) ?? throw RestException.NoSuchNamespace(name));
    }
}
