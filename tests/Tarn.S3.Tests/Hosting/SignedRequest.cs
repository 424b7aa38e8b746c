using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Authentication;
using Tarn.S3.Requests;

namespace Tarn.S3.Tests.Hosting;

/// <summary>Signs requests with Signature Version 4; the signing itself is proven by the recorded signatures.</summary>
internal static class SignedRequest
{
    /// <summary>Headers that sign a request: those given, a date, the payload's hash and the signature.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="target">Raw target.</param>
    /// <param name="headers">Other headers, the host among them; all but connection headers are signed.</param>
    /// <param name="payloadHash">Value of <c>x-amz-content-sha256</c>.</param>
    /// <param name="key">Key and secret.</param>
    /// <param name="time">Time of signing.</param>
    /// <param name="service"><c>s3</c> or <c>sts</c>.</param>
    public static List<(string Name, string Value)> Sign(
        string method, string target, IEnumerable<(string Name, string Value)> headers, string payloadHash, (string Id, string Secret) key, DateTimeOffset time, string service = "s3")
    {
        string timestamp = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        List<(string Name, string Value)> all = [.. headers, ("x-amz-date", timestamp), ("x-amz-content-sha256", payloadHash)];
        var scope = new CredentialScope(key.Id, timestamp[..8], "us-east-1", service);
        string[] signed = [.. all.Select(h => h.Name.ToLowerInvariant()).Where(IsSigned).Distinct().Order(StringComparer.Ordinal)];
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in all)
            dictionary.Append(name, value);
        var parsed = RequestTarget.Parse(target);
        string canonical = CanonicalRequest.Write(method, parsed, RequestQuery.Parse(parsed.RawQuery), dictionary, signed, payloadHash);
        string signature = SignatureV4.Sign(SignatureV4.SigningKey(key.Secret, scope), SignatureV4.StringToSign(timestamp, scope, canonical));
        all.Add(("Authorization", $"{SignatureV4Claim.Algorithm} Credential={key.Id}/{scope.Text},SignedHeaders={string.Join(';', signed)},Signature={signature}"));
        return all;
    }

    /// <summary>SHA-256 as the header has it.</summary>
    public static string Hash(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static bool IsSigned(string name) => name is "host" or "content-type" or "content-md5" || name.StartsWith("x-amz-", StringComparison.Ordinal);
}
