using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Cors;

/// <summary>Adds to an answer what lets scripts of another origin read it (Fetch Standard §3.2.3), errors included.</summary>
internal static class CorsAnswer
{
    private const string Vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

    /// <summary>Looks for a rule of the bucket that takes the request, and writes its headers.</summary>
    public static async ValueTask WriteAsync(S3Services services, S3Request request, CancellationToken cancellationToken)
    {
        // A preflight has an answer of its own.
        if (request.Bucket.Length == 0 || HttpMethods.IsOptions(request.Method) || request.Header("Origin") is not { Length: > 0 } origin)
            return;
        if (await services.Store.FindBucketAsync(request.Bucket, cancellationToken) is not { } bucket || Find(bucket, origin, request.Header("Access-Control-Request-Method") ?? request.Method, []) is not { } rule)
            return;
        Write(request.Http.Response.Headers, rule, origin);
    }

    /// <summary>The first rule that takes an origin, a method and all headers.</summary>
    public static CorsRule? Find(BucketRecord bucket, string origin, string method, IReadOnlyList<string> headers)
    {
        foreach (var rule in CorsConfiguration.Of(bucket))
        {
            if (rule.Matches(origin, method) && headers.All(rule.AllowsHeader))
                return rule;
        }

        return null;
    }

    /// <summary>Writes the headers of a rule.</summary>
    public static void Write(IHeaderDictionary headers, CorsRule rule, string origin)
    {
        headers.AccessControlAllowOrigin = rule.TakesAnyOrigin ? "*" : origin;
        headers.AccessControlAllowMethods = string.Join(", ", rule.Methods);
        if (!rule.TakesAnyOrigin)
            headers.AccessControlAllowCredentials = "true";
        if (!rule.ExposedHeaders.IsEmpty)
            headers.AccessControlExposeHeaders = string.Join(", ", rule.ExposedHeaders);
        headers.Vary = Vary;
    }
}
