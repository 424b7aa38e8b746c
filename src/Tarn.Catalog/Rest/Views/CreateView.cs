using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Namespaces;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>POST namespaces/{namespace}/views</c>.</summary>
internal sealed class CreateView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        var name = new TableIdentifier(call.Namespace, body.Text("name"));
        var schema = SchemaJson.Read(body.Required("schema").Json, "schema", ErrorKind.InvalidRequest);
        var version = ViewMetadataJson.ReadVersion(body.Required("view-version").Json, "view-version");
        var properties = body.Optional("properties")?.AsStringMap() ?? NamespaceProperties.None;
        ViewRules.Check(version);
        string? location = body.Optional("location")?.AsText();
        try
        {
            location ??= await call.Catalog.NewViewLocationAsync(name, cancellationToken);
            ViewUpdate[] updates =
            [
                new ViewUpdate.AssignUuid(Guid.NewGuid()),
                new ViewUpdate.SetLocation(location),
                new ViewUpdate.SetProperties(properties),
                new ViewUpdate.AddSchema(schema),
                new ViewUpdate.AddViewVersion(version with { SchemaId = ViewUpdate.LastAdded }),
                new ViewUpdate.SetCurrentViewVersion(ViewUpdate.LastAdded),
            ];
            return ViewAnswer.Of(await call.Catalog.CommitViewAsync(name, null, ViewMetadataBuilder.Apply(null, updates, call.Services.Time.GetUtcNow()), cancellationToken));
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
        {
            throw RestException.NoSuchNamespace(name.Namespace);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await NameTaken.ByViewAsync(call, name, error, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) => MadeView.ReplayAsync(call, applied, cancellationToken);
}
