using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tarn.Access.Sessions;

namespace Tarn.Catalog.Rest.Signing;

/// <summary>
/// Signs requests to the storage with Signature Version 4 ("Authenticating Requests: Using the Authorization Header"). The host and all headers that begin with
/// <c>x-amz-</c> are signed, the body is not: the client sends it afterwards.
/// </summary>
internal static class RequestSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256", Terminator = "aws4_request", Service = "s3", UnsignedPayload = "UNSIGNED-PAYLOAD";
    private const string AmzPrefix = "x-amz-", DateHeader = "x-amz-date", TokenHeader = "x-amz-security-token", HashHeader = "x-amz-content-sha256";

    /// <summary>The headers that the request lacks.</summary>
    /// <param name="request">The request.</param>
    /// <param name="credential">Signs it.</param>
    /// <param name="now">Time of signing.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Sign(SignRequest request, TemporaryCredential credential, DateTimeOffset now)
    {
        string timestamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> added = [new("X-Amz-Date", timestamp), new("X-Amz-Security-Token", credential.SessionToken)];
        if (!request.Headers.TryGetValue(HashHeader, out string? hash))
            added.Add(new("x-amz-content-sha256", hash = UnsignedPayload));
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.Target.Authority };
        foreach (var (name, value) in request.Headers.Where(h => IsSigned(h.Key)))
            signed[name] = value;
        foreach (var (name, value) in added)
            signed[name.ToLowerInvariant()] = value;

        string scope = $"{timestamp[..8]}/{request.Region}/{Service}/{Terminator}", names = string.Join(';', signed.Keys);
        string canonical = string.Join('\n', [request.Method, CanonicalPath(request.Target.Path), CanonicalQuery(request.Target), .. signed.Select(h => $"{h.Key}:{h.Value}"), "", names, hash]);
        string text = string.Join('\n', Algorithm, timestamp, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(Key(credential.SecretAccessKey, scope), Encoding.UTF8.GetBytes(text)));
        added.Add(new("Authorization", $"{Algorithm} Credential={credential.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}"));
        return added;
    }

    /// <summary>Whether another request to the same address can be sent with the same signature: nothing of its head is signed but where it goes.</summary>
    public static bool IsReusable(SignRequest request) => request.Method is "GET" or "HEAD" && !request.Headers.Keys.Any(IsSigned);

    private static bool IsSigned(string name) => name.StartsWith(AmzPrefix, StringComparison.Ordinal) && name is not (DateHeader or TokenHeader);

    // S3 encodes the key once, all but its slashes; what the client wrote may be encoded otherwise.
    private static string CanonicalPath(string path) => Uri.EscapeDataString(Uri.UnescapeDataString(path)).Replace("%2F", "/", StringComparison.Ordinal);

    private static string CanonicalQuery(StorageTarget target) => string.Join('&', target.Query
        .Select(p => (Name: Uri.EscapeDataString(p.Key), Value: Uri.EscapeDataString(p.Value)))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
        .Select(p => $"{p.Name}={p.Value}"));

    private static byte[] Key(string secret, string scope) =>
        scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), static (key, word) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(word)));
}
