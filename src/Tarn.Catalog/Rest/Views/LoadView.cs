using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>GET namespaces/{namespace}/views/{view}</c>.</summary>
internal sealed class LoadView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken) =>
        ViewAnswer.Of(await call.Catalog.LoadViewAsync(call.View, cancellationToken) ?? throw RestException.NoSuchView(call.View));
}
