using Microsoft.AspNetCore.Http;
using Tarn.Catalog.Rest.Errors;
using Tarn.Core.Errors;

namespace Tarn.Catalog;

/// <summary>
/// Gives every failure its error in the REST catalog. What clients do with an answer to a commit decides: they retry after 409 and 503, keep all files after
/// 5XX, and delete the files of the commit after any other 4XX. So 503 is given only to what was certainly not applied, and 500 to what may have been.
/// </summary>
internal static class CatalogErrorMapping
{
    /// <summary>The error of a failure that says no more than its kind.</summary>
    public static RestError Of(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidRequest => RestError.BadRequest,
        ErrorKind.Unauthenticated => RestError.NotAuthorized,
        ErrorKind.PermissionDenied => RestError.Forbidden,
        ErrorKind.NotFound => RestError.NotFound,
        ErrorKind.AlreadyExists => RestError.AlreadyExists,
        ErrorKind.Conflict => RestError.CommitFailed,
        ErrorKind.ResourceExhausted => RestError.ServiceUnavailable,
        ErrorKind.Unavailable => RestError.ServiceUnavailable,
        ErrorKind.Unsupported => RestError.UnsupportedOperation,
        ErrorKind.DataCorrupted => RestError.InternalServerError,
        ErrorKind.Internal => RestError.InternalServerError,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Any failure as one that can be answered. A defect says nothing of its inside; the log does.</summary>
    public static RestException Translate(Exception failure) => failure switch
    {
        RestException known => known,
        CommitStateUnknownException unknown => new(RestError.CommitStateUnknown, unknown.Message, unknown),
        TarnException { Kind: ErrorKind.Internal } broken => new(RestError.InternalServerError, "Something is wrong inside the server; its log tells more.", broken),
        TarnException operating => new(Of(operating.Kind), operating.Message, operating),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large => new(RestError.PayloadTooLarge, large.Message, large),
        BadHttpRequestException broken => new(RestError.BadRequest, broken.Message, broken),
        OperationCanceledException stopped => new(RestError.ServiceUnavailable, "The server is stopping; nothing was changed. Try again.", stopped),
        _ => new(RestError.InternalServerError, "Something is wrong inside the server; its log tells more.", failure),
    };
}
