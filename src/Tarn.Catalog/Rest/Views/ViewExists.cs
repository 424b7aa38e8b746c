using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>HEAD namespaces/{namespace}/views/{view}</c>.</summary>
internal sealed class ViewExists : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken) =>
        await call.Catalog.LoadViewAsync(call.View, cancellationToken) is null ? throw RestException.NoSuchView(call.View) : RestAnswer.NoContent;
}
