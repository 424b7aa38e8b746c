using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Errors;

/// <summary>
/// A request that is answered with an error of the REST catalog, where an operation knows the error better than a kind could tell. Messages about names
/// begin as those of Iceberg's own catalogs do, because clients and people look for them.
/// </summary>
internal sealed class RestException(RestError error, string message, Exception? cause = null) : TarnException(KindOf(error), message, cause)
{
    /// <summary>The error to answer with.</summary>
    public RestError Error { get; } = error;

    /// <summary>How long the client should wait, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RestException BadRequest(string message) => new(RestError.BadRequest, message);

    public static RestException NoSuchNamespace(Namespace name) => new(RestError.NoSuchNamespace, $"Namespace does not exist: {name}");

    public static RestException NoSuchTable(TableIdentifier name) => new(RestError.NoSuchTable, $"Table does not exist: {name}");

    public static RestException NoSuchView(TableIdentifier name) => new(RestError.NoSuchView, $"View does not exist: {name}");

    private static ErrorKind KindOf(RestError error) => error.Status switch
    {
        401 => ErrorKind.Unauthenticated,
        403 => ErrorKind.PermissionDenied,
        404 => ErrorKind.NotFound,
        406 => ErrorKind.Unsupported,
        409 when error == RestError.AlreadyExists => ErrorKind.AlreadyExists,
        409 => ErrorKind.Conflict,
        429 or 503 => ErrorKind.Unavailable,
        500 => ErrorKind.Internal,
        _ => ErrorKind.InvalidRequest,
    };
}
