using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>GET namespaces/{namespace}/views</c>.</summary>
internal sealed class ListViews : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        try
        {
            return ListAnswer.Identifiers(await call.Catalog.ListViewsAsync(call.Namespace, call.Request.Query.Page(), cancellationToken));
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
        {
            throw RestException.NoSuchNamespace(call.Namespace);
        }
    }
}
