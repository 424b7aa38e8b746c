using Tarn.Access.Policies;
using Tarn.S3.Requests;

namespace Tarn.S3.Authorization;

/// <summary>The condition keys that a request fills ("Actions, resources, and condition keys for Amazon S3").</summary>
internal static class RequestConditions
{
    private static readonly string[] s_parameters = ["prefix", "delimiter", "max-keys"];

    private static readonly string[] s_headers =
    [
        "x-amz-acl", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-server-side-encryption", "x-amz-storage-class", "x-amz-content-sha256",
        "x-amz-object-ownership", "x-amz-website-redirect-location", "x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp",
        "x-amz-grant-write-acp", "x-amz-grant-full-control",
    ];

    /// <summary>Reads them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="existingTags">Tags of the object concerned, or null when they do not matter.</param>
    /// <param name="prefix">What stands for <c>s3:prefix</c> when the request has no such parameter; null for nothing.</param>
    public static ConditionValues Read(S3Request request, IReadOnlyDictionary<string, string>? existingTags, string? prefix = null)
    {
        var values = new ConditionValues().Set("aws:SecureTransport", request.Http.Request.IsHttps ? "true" : "false");
        Set(values, "aws:UserAgent", request.Header("User-Agent"));
        Set(values, "aws:Referer", request.Header("Referer"));
        Set(values, "s3:VersionId", request.VersionId);
        foreach (string name in s_parameters)
            Set(values, "s3:" + name, request.Query[name] ?? (name == "prefix" ? prefix : null));
        foreach (string name in s_headers)
            Set(values, "s3:" + name, request.Header(name));
        Set(values, "s3:object-lock-mode", request.Header("x-amz-object-lock-mode"));
        Set(values, "s3:object-lock-retain-until-date", request.Header("x-amz-object-lock-retain-until-date"));
        Set(values, "s3:object-lock-legal-hold", request.Header("x-amz-object-lock-legal-hold"));
        Set(values, "s3:signatureversion", SignatureVersion(request));
        Set(values, "s3:authType", AuthType(request));
        foreach (var tag in existingTags ?? new Dictionary<string, string>())
            values.Set("s3:ExistingObjectTag/" + tag.Key, tag.Value);
        SetRequestTags(values, request.Header("x-amz-tagging"));
        return values;
    }

    private static void SetRequestTags(ConditionValues values, string? tagging)
    {
        if (tagging is not { Length: > 0 })
            return;
        var tags = RequestQuery.Parse(tagging).Parameters;
        foreach (var tag in tags)
            values.Set("s3:RequestObjectTag/" + tag.Name, tag.Value);
        values.Set("s3:RequestObjectTagKeys", [.. tags.Select(t => t.Name)]);
    }

    private static string? SignatureVersion(S3Request request)
        => request.Query.Has("X-Amz-Algorithm") || (request.Header("Authorization")?.StartsWith("AWS4-", StringComparison.Ordinal) ?? false) ? "AWS4-HMAC-SHA256"
            : request.Query.Has("AWSAccessKeyId") || request.Headers.ContainsKey("Authorization") ? "AWS"
            : null;

    private static string? AuthType(S3Request request)
        => request.Headers.ContainsKey("Authorization") ? "REST-HEADER"
            : request.Query.Has("X-Amz-Algorithm") || request.Query.Has("AWSAccessKeyId") ? "REST-QUERY-STRING"
            : null;

    private static void Set(ConditionValues values, string key, string? value)
    {
        if (value is not null)
            values.Set(key, value);
    }
}
