using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Rest.Tables;

/// <summary>
/// <c>POST tarn/namespaces/{namespace}/tables/{table}/undrop</c>, which the specification does not have: brings back the table that was last dropped under the name; with
/// <c>destination</c> in the body under another one.
/// </summary>
internal sealed class UndropTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var (name, target) = (call.Table, await call.ReadDestinationAsync(call.Table, cancellationToken));
        try
        {
            await call.Catalog.UndropTableAsync(name, target, cancellationToken);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
        {
            throw await NameMissing.NamespaceAsync(call, target.Namespace, cancellationToken) ?? new RestException(RestError.NoSuchTable, error.Message, error);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByTableAsync(call, target, error, cancellationToken);
        }

        return RestAnswer.NoContent;
    }
}
