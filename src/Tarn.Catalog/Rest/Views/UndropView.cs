using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Rest.Views;

/// <summary>
/// <c>POST tarn/namespaces/{namespace}/views/{view}/undrop</c>, which the specification does not have: brings back the view that was last dropped under the name; with
/// <c>destination</c> in the body under another one.
/// </summary>
internal sealed class UndropView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var (name, target) = (call.View, await call.ReadDestinationAsync(call.View, cancellationToken));
        try
        {
            await call.Catalog.UndropViewAsync(name, target, cancellationToken);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
        {
            throw await NameMissing.NamespaceAsync(call, target.Namespace, cancellationToken) ?? new RestException(RestError.NoSuchView, error.Message, error);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByViewAsync(call, target, error, cancellationToken);
        }

        return RestAnswer.NoContent;
    }
}
