using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Requests;

namespace Tarn.S3.Authentication;

/// <summary>
/// Signature Version 2 ("Signing and authenticating REST requests"), which boto3 still uses for presigned URLs of a custom endpoint: HMAC-SHA1 over method,
/// MD5, type, date, <c>x-amz-*</c> headers and the resource with its sub-resources.
/// </summary>
internal static class SignatureV2
{
    /// <summary>First word of the header <c>Authorization</c>.</summary>
    public const string Scheme = "AWS ";

    // Query parameters that name a sub-resource or override a response header are part of the resource.
    private static readonly HashSet<string> s_signed =
    [
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "encryption", "inventory", "legal-hold", "lifecycle", "location", "logging",
        "metrics", "notification", "object-lock", "ownershipControls", "partNumber", "policy", "policyStatus", "publicAccessBlock", "replication",
        "requestPayment", "response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language",
        "response-content-type", "response-expires", "restore", "retention", "select", "select-type", "tagging", "torrent", "uploadId", "uploads",
        "versionId", "versioning", "versions", "website",
    ];

    /// <summary>The string to sign.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="target">Path as sent; it is signed as it is.</param>
    /// <param name="query">Parsed query.</param>
    /// <param name="address">Adds the bucket that the host named.</param>
    /// <param name="headers">All headers.</param>
    /// <param name="expires">Seconds since 1970 of a presigned URL, or null: then the date header counts.</param>
    public static string StringToSign(
        string method, RequestTarget target, RequestQuery query, S3Address address, IHeaderDictionary headers, string? expires)
    {
        // A request with x-amz-date leaves the date line empty.
        string date = expires ?? (headers.ContainsKey("x-amz-date") ? "" : headers.Date.ToString());
        var text = new StringBuilder(256).Append(method).Append('\n').Append(headers.ContentMD5.ToString()).Append('\n').Append(headers.ContentType.ToString())
            .Append('\n').Append(date).Append('\n');
        foreach (var header in headers.Where(h => h.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)).OrderBy(h => h.Key.ToLowerInvariant(), StringComparer.Ordinal))
            text.Append(header.Key.ToLowerInvariant()).Append(':').AppendJoin(',', header.Value.Select(v => v?.Trim())).Append('\n');
        if (address.IsVirtualHost)
            text.Append('/').Append(address.Bucket);
        text.Append(target.RawPath);
        char separator = '?';
        foreach (var parameter in query.Parameters.Where(p => s_signed.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            text.Append(separator).Append(parameter.Name);
            if (parameter.HasValue && parameter.Value.Length > 0)
                text.Append('=').Append(parameter.Value);
            separator = '&';
        }

        return text.ToString();
    }

    /// <summary>Signature of a text in base64.</summary>
    public static string Sign(string secret, string text)
        => Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
}
