using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tarn.Testing.S3;

/// <summary>
/// Signs request heads with Signature Version 4, written from its specification ("Authenticating Requests (AWS Signature Version 4)") without any code of
/// the server, so that neither can share the other's mistakes.
/// </summary>
/// <param name="accessKey">Id of the key.</param>
/// <param name="secretKey">Its secret.</param>
/// <param name="sessionToken">Token of a temporary key; null for lasting ones.</param>
public sealed class SignedHead(string accessKey, string secretKey, string? sessionToken = null)
{
    /// <summary>The value of <c>x-amz-content-sha256</c> that leaves the payload open.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    private const string Scheme = "AWS4-HMAC-SHA256";
    private const string TokenHeader = "x-amz-security-token";

    private const string CopySourceHeader = "x-amz-copy-source";

    /// <summary>Percent-encodes the path of an object: all but the unreserved characters and the slash.</summary>
    public static string Path(string bucket, string key) => $"/{bucket}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";

    // However a path is spelled, what is signed is its usual spelling ("Task 1: Create a canonical request").
    private static string Canonical(string path) => string.Join('/', Uri.UnescapeDataString(path).Split('/').Select(Uri.EscapeDataString));

    /// <summary>Headers that prove a request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="host">Host and port.</param>
    /// <param name="target">Encoded path, and the query with its names in order.</param>
    /// <param name="payloadHash">Hexadecimal SHA-256 of the body, or <see cref="UnsignedPayload"/>.</param>
    /// <param name="time">Time of signing.</param>
    /// <param name="copySource">What is copied; null for a request that copies nothing.</param>
    public IReadOnlyList<(string Name, string Value)> Sign(string method, string host, string target, string payloadHash, DateTimeOffset time, string? copySource = null)
    {
        string timestamp = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{timestamp[..8]}/us-east-1/s3/aws4_request";
        string[] parts = target.Split('?', 2);
        (string Name, string? Value)[] headers = [("host", host), ("x-amz-content-sha256", payloadHash), (CopySourceHeader, copySource), ("x-amz-date", timestamp), (TokenHeader, sessionToken)];
        var signed = headers.Where(h => h.Value is not null).Select(h => (h.Name, Value: h.Value!)).ToList();
        string names = string.Join(';', signed.Select(h => h.Name));
        string canonical = string.Join('\n', (string[])[method, Canonical(parts[0]), parts.ElementAtOrDefault(1) ?? "", .. signed.Select(h => $"{h.Name}:{h.Value}"), "", names, payloadHash]);
        string text = string.Join('\n', Scheme, timestamp, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (string word in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(word));
        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        return
        [
            .. signed.Skip(1),
            ("Authorization", $"{Scheme} Credential={accessKey}/{scope},SignedHeaders={names},Signature={signature}"),
        ];
    }
}
