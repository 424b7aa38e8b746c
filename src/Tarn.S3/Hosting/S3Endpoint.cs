using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;
using Tarn.S3.Authentication;
using Tarn.S3.Authorization;
using Tarn.S3.Cors;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.S3.Routing;

namespace Tarn.S3.Hosting;

/// <summary>
/// The way of every request: read the head, find the operation, authenticate, authorize, answer. Nothing of the body is read before the handler asks for
/// it, so a client that waits for <c>100 Continue</c> is refused without sending it.
/// </summary>
internal sealed partial class S3Endpoint(
    Router router, S3Services services, RequestIdSource ids, S3Telemetry telemetry, ILogger<S3Endpoint> log)
{
    private const string NoOperation = "none";

    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        long started = services.Time.GetTimestamp();
        var exchange = new Exchange(ids.Next());
        http.Response.Headers["x-amz-request-id"] = exchange.RequestId;
        http.Response.Headers["x-amz-id-2"] = ids.HostId;
        http.Response.Headers.Server = "Tarn";
        if (http.Request.Headers.Expect.Count > 0)
            http.Response.OnStarting(() => EndWithoutBody(http, exchange));
        try
        {
            await AnswerAsync(http, exchange);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            exchange.Code = "Aborted";
        }
        catch (Exception failure)
        {
            await FailAsync(http, exchange, failure);
        }
        finally
        {
            telemetry.Record(exchange.Operation, exchange.Code, services.Time.GetElapsedTime(started), exchange.Payload?.ReceivedBytes ?? 0, Sent(http));
            exchange.Payload?.Dispose();
        }
    }

    private async ValueTask AnswerAsync(HttpContext http, Exchange exchange)
    {
        var cancellationToken = http.RequestAborted;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = S3Limits.FramedBodySizeBytes;

        RequireKnownCoding(http);

        // 1. Address and operation.
        var request = S3Request.Read(http, services.Options);
        var routed = router.Find(request);
        exchange.Operation = routed.Route.Name;
        await CorsAnswer.WriteAsync(services, request, cancellationToken);
        using var activity = telemetry.Start(exchange.Operation);

        // 2. Who asks.
        exchange.IsTokenService = request.Address.Level == AddressLevel.Service && HttpMethods.IsPost(request.Method);
        string? bodyHash = exchange.IsTokenService ? await HashFormAsync(http, cancellationToken) : null;
        var authenticated = routed.Route.AuthenticatesItself
            ? new AuthenticatedRequest(null, PayloadMode.Unsigned, PayloadModes.UnsignedPayload)
            : await services.Authenticator.AuthenticateAsync(request, exchange.RequestId, bodyHash, cancellationToken);
        exchange.Payload = authenticated.OpenPayload(request);

        // 3. Whether it may. That a bucket does not exist is no secret: names are shared by all.
        var call = new S3Call(services, request, authenticated.Caller, exchange.Payload, exchange.RequestId);
        if (request.Bucket.Length > 0 && routed.Route is { MakesBucket: false, AuthenticatesItself: false })
            await ExpectedBucketOwner.CheckAsync(call, ExpectedBucketOwner.Header, await call.BucketAsync(cancellationToken), cancellationToken);
        if (routed.Operation.Permission(request) is { } permission)
            await call.AuthorizeAsync(permission, cancellationToken: cancellationToken);

        // 4. The operation.
        await routed.Operation.HandleAsync(call, cancellationToken);
    }

    // A client that was not told to continue may send its next request where the body would stand: then nobody knows where a request begins.
    private static Task EndWithoutBody(HttpContext http, Exchange exchange)
    {
        if (exchange.Payload is not { HasStarted: true } && HttpProtocol.IsHttp11(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    // Kestrel takes off "chunked" alone; content under another coding would be stored as it is on the wire (RFC 9112 §6.1). A length beside a coding,
    // which Kestrel puts under another name, is what smuggled requests have (RFC 9112 §6.3).
    private static void RequireKnownCoding(HttpContext http)
    {
        string codings = http.Request.Headers.TransferEncoding.ToString().Trim();
        bool hasLength = http.Request.Headers.ContainsKey("X-Content-Length");
        if (codings.Length == 0 || (!hasLength && codings.Equals("chunked", StringComparison.OrdinalIgnoreCase)))
            return;
        http.Response.Headers.Connection = "close";
        if (hasLength)
            throw new S3Exception(S3Error.InvalidRequest, "A request has Content-Length or Transfer-Encoding, not both.");
        throw new S3Exception(S3Error.NotImplemented, $"The transfer coding '{codings}' is not implemented; send the body as it is, or chunked.")
            .With("Header", "Transfer-Encoding");
    }

    private static long Sent(HttpContext http) => HttpMethods.IsHead(http.Request.Method) ? 0 : http.Response.ContentLength ?? 0;

    // The security token service's clients sign the hash of a small form without sending it.
    private static async ValueTask<string> HashFormAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (await http.Request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            body.Write(buffer, 0, length);
            if (body.Length > S3Limits.FormSizeBytes)
                throw new S3Exception(S3Error.EntityTooLarge, $"A request to the security token service has at most {S3Limits.FormSizeBytes} bytes.");
        }

        body.Position = 0;
        http.Request.Body = body;
        return Convert.ToHexStringLower(SHA256.HashData(body.ToArray()));
    }

    private async ValueTask FailAsync(HttpContext http, Exchange exchange, Exception failure)
    {
        var answer = S3ErrorMapping.Translate(failure);
        exchange.Code = answer.Error.Code;
        if (answer.Error.Status == StatusCodes.Status500InternalServerError || ClientMessages.LeavesOut(failure))
            LogFailure(exchange.Operation, exchange.RequestId, failure);
        Activity.Current?.SetStatus(ActivityStatusCode.Error, answer.Error.Code);
        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Abort();
            return;
        }

        http.Response.ContentLength = null;
        await ErrorAnswer.WriteAsync(http, answer, exchange.IsTokenService, exchange.RequestId, ids.HostId);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "S3 {Operation} {RequestId} failed")]
    private partial void LogFailure(string operation, string requestId, Exception failure);

    private sealed class Exchange(string requestId)
    {
        public string RequestId => requestId;

        public string Operation { get; set; } = NoOperation;

        public string Code { get; set; } = "";

        public bool IsTokenService { get; set; }

        public RequestPayload? Payload { get; set; }
    }
}
