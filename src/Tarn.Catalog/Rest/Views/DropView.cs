using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>DELETE namespaces/{namespace}/views/{view}</c>.</summary>
internal sealed class DropView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken) =>
        await call.Catalog.DropViewAsync(call.View, cancellationToken) ? RestAnswer.NoContent : throw RestException.NoSuchView(call.View);
}
