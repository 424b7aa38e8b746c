using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>POST namespaces/{namespace}/register</c>: makes a table of a metadata file that is there; with <c>overwrite</c> also in the place of another.</summary>
internal sealed class RegisterTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        var name = new TableIdentifier(call.Namespace, body.Text("name"));
        string location = body.Text("metadata-location");
        var replaced = body.Flag("overwrite") ? await call.Catalog.LoadTableAsync(name, cancellationToken) : null;
        TableHandle made;
        try
        {
            made = await call.Catalog.RegisterTableAsync(name, location, replaced, cancellationToken);
        }
        catch (TarnException error) when (error is not RestException && error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            throw await NameMissing.NamespaceAsync(call, name.Namespace, cancellationToken)
                ?? new RestException(RestError.BadRequest, $"'{location}' cannot be registered: {error.Message}", error);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByTableAsync(call, name, error, cancellationToken);
        }

        return TableAnswer.Of(made, await call.Services.DataAccess.DescribeMadeAsync(call, made, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken)
    {
        var name = new TableIdentifier(call.Namespace, (await call.ReadJsonAsync(cancellationToken)).Text("name"));
        var made = await call.Services.Warehouses.Requests.LoadTableAsync(name, applied.Result[0], cancellationToken);
        return TableAnswer.Of(made, await call.Services.DataAccess.DescribeMadeAsync(call, made, cancellationToken));
    }
}
