using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>POST views/rename</c>: also into another namespace.</summary>
internal sealed class RenameView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        var (from, to) = (body.Required("source").AsIdentifier(), body.Required("destination").AsIdentifier());
        try
        {
            await call.Catalog.RenameViewAsync(from, to, cancellationToken);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
        {
            bool isThere = await call.Catalog.LoadViewAsync(from, cancellationToken) is not null;
            throw (isThere ? await NameMissing.NamespaceAsync(call, to.Namespace, cancellationToken) : null) ?? RestException.NoSuchView(from);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByRenameAsync(call, from, to, error, cancellationToken);
        }

        return RestAnswer.NoContent;
    }
}
