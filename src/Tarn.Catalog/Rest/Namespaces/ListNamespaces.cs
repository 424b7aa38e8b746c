using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary><c>GET namespaces</c>: the namespaces directly below another, or at the top.</summary>
internal sealed class ListNamespaces : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var parent = call.Request.Query.Namespace("parent");
        try
        {
            return ListAnswer.Namespaces(await call.Catalog.ListNamespacesAsync(parent, call.Request.Query.Page(), cancellationToken));
        }
        catch (MissingNamespaceException)
        {
            throw RestException.NoSuchNamespace(parent);
        }
    }
}
