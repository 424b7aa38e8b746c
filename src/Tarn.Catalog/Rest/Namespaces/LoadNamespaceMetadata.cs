using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary>
/// <c>GET namespaces/{namespace}</c>, with the <c>location</c> that new tables get their folders in, also where nobody has set one. Trino asks for it: without one it
/// creates a table at once and then refuses it, because the first metadata file lies in its folder already.
/// </summary>
internal sealed class LoadNamespaceMetadata : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var name = call.Namespace;
        var properties = await call.Catalog.LoadNamespaceAsync(name, cancellationToken) ?? throw RestException.NoSuchNamespace(name);
        bool isPlaced = properties.GetValueOrDefault(NamespaceProperties.Location) is { Length: > 0 };
        return NamespaceAnswer.Of(name, !isPlaced && call.Catalog is AuthorizedCatalog catalog && await catalog.FindFolderAsync(name, cancellationToken) is { } folder
            ? properties.SetItem(NamespaceProperties.Location, folder)
            : properties);
    }
}
