using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary><c>POST namespaces</c>. The namespace above must be there.</summary>
internal sealed class CreateNamespace : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        var name = body.Required("namespace").AsNamespace();
        var properties = body.Optional("properties")?.AsStringMap() ?? NamespaceProperties.None;
        try
        {
            await call.Catalog.CreateNamespaceAsync(name, properties, cancellationToken);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            throw new RestException(RestError.AlreadyExists, $"Namespace already exists: {name}", error);
        }
        catch (MissingNamespaceException error)
        {
            throw new RestException(RestError.NoSuchNamespace, $"Namespace does not exist: {error.Missing}; create it before '{name}'.", error);
        }

        return NamespaceAnswer.Of(name, properties);
    }

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        return NamespaceAnswer.Of(body.Required("namespace").AsNamespace(), body.Optional("properties")?.AsStringMap() ?? NamespaceProperties.None);
    }
}
