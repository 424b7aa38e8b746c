using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>POST namespaces/{namespace}/register-view</c>: makes a view of a metadata file that is there.</summary>
internal sealed class RegisterView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        var name = new TableIdentifier(call.Namespace, body.Text("name"));
        string location = body.Text("metadata-location");
        try
        {
            return ViewAnswer.Of(await call.Catalog.RegisterViewAsync(name, location, cancellationToken: cancellationToken));
        }
        catch (TarnException error) when (error is not RestException && error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            throw await NameMissing.NamespaceAsync(call, name.Namespace, cancellationToken)
                ?? new RestException(RestError.BadRequest, $"'{location}' cannot be registered: {error.Message}", error);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByViewAsync(call, name, error, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) =>
        ViewAnswer.Of(await call.Services.Warehouses.Requests.LoadViewAsync(new TableIdentifier(call.Namespace, (await call.ReadJsonAsync(cancellationToken)).Text("name")), applied.Result[0], cancellationToken));
}
