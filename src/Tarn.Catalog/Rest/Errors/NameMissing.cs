using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Errors;

/// <summary>Whether it is the namespace that is missing, where a catalog only says that something is.</summary>
internal static class NameMissing
{
    /// <summary>The refusal for a missing namespace, or null when it is there or must not be seen.</summary>
    public static async ValueTask<RestException?> NamespaceAsync(RestCall call, Namespace name, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Catalog.LoadNamespaceAsync(name, cancellationToken) is null ? RestException.NoSuchNamespace(name) : null;
        }
        catch (TarnException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return null;
        }
    }
}
