using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Idempotency;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Catalog.Rest.Routing;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Rest.Hosting;

/// <summary>The way of every request: read the head, find the operation, authenticate, find the warehouse, answer.</summary>
internal sealed partial class RestEndpoint(Router router, RestServices services, ILogger<RestEndpoint> log)
{
    private const string NoOperation = "none";

    private long _lastId = BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        long started = services.Time.GetTimestamp();
        string requestId = Interlocked.Increment(ref _lastId).ToString("X16", CultureInfo.InvariantCulture);
        http.Response.Headers["X-Request-ID"] = requestId;
        http.Response.Headers.Server = "Tarn";
        string operation = NoOperation, error = "";
        try
        {
            var request = RestRequest.Read(http);
            var match = router.Find(request);
            operation = match.Route.Name;
            using var activity = services.Telemetry.Start(operation);
            var answer = await AnswerAsync(new RestCall(services, request, match, requestId), http.RequestAborted);
            await answer.WriteAsync(http, http.RequestAborted);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            error = "Aborted";
        }
        catch (Exception failure)
        {
            error = await FailAsync(http, operation, requestId, failure);
        }
        finally
        {
            services.Telemetry.Record(operation, error, services.Time.GetElapsedTime(started));
        }
    }

    private async ValueTask<RestAnswer> AnswerAsync(RestCall call, CancellationToken cancellationToken)
    {
        var route = call.Match.Route;
        if (!route.AuthenticatesItself)
            call.Caller = await services.Authenticator.AuthenticateAsync(call.Request, call.RequestId, cancellationToken);
        // Whoever is nobody learns nothing, not even which warehouses there are, and makes nothing be read or kept.
        if (!route.AuthenticatesItself && call.Caller is null)
            throw new RestException(RestError.NotAuthorized, "Send an access token, or an access key and its secret as OAuth2 client credentials.");
        call.Repeatable = await IdempotencyKey.ReadAsync(call, cancellationToken);
        if (route.HasPrefix)
        {
            call.Catalog = await services.Warehouses.FindAsync(call.Warehouse, call.Session, cancellationToken)
                ?? throw await NoSuchWarehouseAsync(call, cancellationToken);
        }

        return call.Repeatable is { } repeatable ? await IdempotencyKey.RunAsync(call, repeatable, cancellationToken) : await route.Operation.HandleAsync(call, cancellationToken);
    }

    // A commit whose answer was lost comes again, and its branch may have been merged and deleted meanwhile: nobody can look there any more.
    private async ValueTask<RestException> NoSuchWarehouseAsync(RestCall call, CancellationToken cancellationToken) =>
        call.Match.Route.BringsFiles && await services.Warehouses.MayHaveBeenBranchAsync(call.Warehouse, cancellationToken)
        ? new RestException(RestError.CommitStateUnknown, $"Warehouse does not exist: {call.Warehouse}. What was committed to a branch before it was deleted may stand on another one: keep all files of the commit, and look there.")
        : new RestException(RestError.NoSuchWarehouse, $"Warehouse does not exist: {call.Warehouse}");

    private async ValueTask<string> FailAsync(HttpContext http, string operation, string requestId, Exception failure)
    {
        var refusal = CatalogErrorMapping.Translate(failure);
        if (refusal.Error.Status == StatusCodes.Status500InternalServerError || ClientMessages.LeavesOut(failure))
            LogFailure(operation, requestId, failure);
        Activity.Current?.SetStatus(ActivityStatusCode.Error, refusal.Error.Type);
        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Abort();
            return refusal.Error.Type;
        }

        http.Response.Headers.Remove("ETag");
        http.Response.ContentLength = null;
        await ErrorAnswer.Of(refusal).WriteAsync(http, http.RequestAborted);
        return refusal.Error.Type;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Iceberg REST {Operation} {RequestId} failed")]
    private partial void LogFailure(string operation, string requestId, Exception failure);
}
