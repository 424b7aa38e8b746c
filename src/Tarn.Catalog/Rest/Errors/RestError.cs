using Microsoft.AspNetCore.Http;

namespace Tarn.Catalog.Rest.Errors;

/// <summary>An error of the REST catalog: clients choose by status, and where one status means several things, by type.</summary>
/// <param name="Status">HTTP status, <c>code</c> of the error model.</param>
/// <param name="Type"><c>type</c> of the error model: the exception that Iceberg's Java client throws.</param>
internal sealed record RestError(int Status, string Type)
{
    public static readonly RestError BadRequest = new(StatusCodes.Status400BadRequest, "BadRequestException");
    public static readonly RestError IllegalArgument = new(StatusCodes.Status400BadRequest, "IllegalArgumentException");
    public static readonly RestError NotAuthorized = new(StatusCodes.Status401Unauthorized, "NotAuthorizedException");
    public static readonly RestError Forbidden = new(StatusCodes.Status403Forbidden, "ForbiddenException");
    public static readonly RestError NotFound = new(StatusCodes.Status404NotFound, "NotFoundException");
    public static readonly RestError NoSuchWarehouse = new(StatusCodes.Status404NotFound, "NoSuchWarehouseException");
    public static readonly RestError NoSuchNamespace = new(StatusCodes.Status404NotFound, "NoSuchNamespaceException");
    public static readonly RestError NoSuchTable = new(StatusCodes.Status404NotFound, "NoSuchTableException");
    public static readonly RestError NoSuchView = new(StatusCodes.Status404NotFound, "NoSuchViewException");
    public static readonly RestError NoSuchFunction = new(StatusCodes.Status404NotFound, "NoSuchFunctionException");
    public static readonly RestError NoSuchPlanId = new(StatusCodes.Status404NotFound, "NoSuchPlanIdException");
    public static readonly RestError NoSuchPlanTask = new(StatusCodes.Status404NotFound, "NoSuchPlanTaskException");
    public static readonly RestError MethodNotAllowed = new(StatusCodes.Status405MethodNotAllowed, "BadRequestException");
    public static readonly RestError UnsupportedOperation = new(StatusCodes.Status406NotAcceptable, "UnsupportedOperationException");
    public static readonly RestError AlreadyExists = new(StatusCodes.Status409Conflict, "AlreadyExistsException");
    public static readonly RestError NamespaceNotEmpty = new(StatusCodes.Status409Conflict, "NamespaceNotEmptyException");
    public static readonly RestError CommitFailed = new(StatusCodes.Status409Conflict, "CommitFailedException");
    public static readonly RestError PayloadTooLarge = new(StatusCodes.Status413PayloadTooLarge, "BadRequestException");
    public static readonly RestError Unprocessable = new(StatusCodes.Status422UnprocessableEntity, "UnprocessableEntityException");
    public static readonly RestError TooManyRequests = new(StatusCodes.Status429TooManyRequests, "TooManyRequestsException");
    public static readonly RestError InternalServerError = new(StatusCodes.Status500InternalServerError, "InternalServerError");
    public static readonly RestError CommitStateUnknown = new(StatusCodes.Status500InternalServerError, "CommitStateUnknownException");
    public static readonly RestError ServiceUnavailable = new(StatusCodes.Status503ServiceUnavailable, "ServiceUnavailableException");
}
