using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Functions;

/// <summary><c>GET namespaces/{namespace}/functions/{function}</c>: no namespace holds functions.</summary>
internal sealed class LoadFunction : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        if (await call.Catalog.LoadNamespaceAsync(call.Namespace, cancellationToken) is null)
            throw RestException.NoSuchNamespace(call.Namespace);
        throw new RestException(RestError.NoSuchFunction, $"Function does not exist: {call.Namespace}.{PathCoding.Decode(call.Match["function"])}");
    }
}
