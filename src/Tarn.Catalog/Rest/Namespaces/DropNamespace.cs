using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary><c>DELETE namespaces/{namespace}</c>: an empty one only.</summary>
internal sealed class DropNamespace : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var name = call.Namespace;
        try
        {
            await call.Catalog.DropNamespaceAsync(name, cancellationToken);
        }
        catch (MissingNamespaceException)
        {
            throw RestException.NoSuchNamespace(name);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.InvalidRequest)
        {
            throw new RestException(RestError.NamespaceNotEmpty, error.Message, error);
        }

        return RestAnswer.NoContent;
    }
}
