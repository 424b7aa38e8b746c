using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Cors;

/// <summary>OPTIONS: a browser asks whether a script may send a request. It has no credentials; the bucket's CORS configuration decides.</summary>
internal sealed class Preflight(S3Services services) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var headers = call.Request.Headers;
        string origin = headers.Origin.ToString(), method = headers.AccessControlRequestMethod.ToString();
        if (origin.Length == 0 || method.Length == 0)
            throw new S3Exception(S3Error.BadRequest, $"Insufficient information. {(origin.Length == 0 ? "Origin" : "Access-Control-Request-Method")} request header needed.");
        string[] requested = headers.AccessControlRequestHeaders.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var bucket = await services.Store.FindBucketAsync(call.Request.Bucket, cancellationToken);
        if (bucket is null || CorsAnswer.Find(bucket, origin, method, requested) is not { } rule)
        {
            throw new S3Exception(S3Error.AccessForbidden, bucket is null || CorsConfiguration.Of(bucket).IsEmpty
                ? "CORSResponse: CORS is not enabled for this bucket."
                : "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.");
        }

        var answer = call.Response.Headers;
        CorsAnswer.Write(answer, rule, origin);
        if (requested.Length > 0)
            answer.AccessControlAllowHeaders = string.Join(", ", requested.Select(h => h.ToLowerInvariant()));
        if (rule.MaximumAgeSeconds is { } age)
            answer.AccessControlMaxAge = age.ToString(CultureInfo.InvariantCulture);
        call.Respond(StatusCodes.Status200OK);
    }
}
