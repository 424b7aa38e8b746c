using System.Globalization;
using Tarn.Core.Text;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;

namespace Tarn.S3.Authentication;

internal sealed partial class RequestAuthenticator
{
    private static void CheckService(SignatureV4Claim claim, bool isTokenService)
    {
        string expected = isTokenService ? "sts" : "s3";
        if (claim.Scope.Service != expected && !(isTokenService && claim.Scope.Service == "s3"))
        {
            string why = $"incorrect service \"{claim.Scope.Service}\". This endpoint belongs to \"{expected}\".";
            throw claim.Lifetime is null
                ? new S3Exception(S3Error.AuthorizationHeaderMalformed, $"The authorization header is malformed; {why}")
                : new S3Exception(S3Error.AuthorizationQueryParametersError, $"Error parsing the X-Amz-Credential parameter; {why}");
        }
    }

    // A presigned URL leaves the payload open unless it names a hash.
    private static string PayloadHash(SignatureV4Claim claim, S3Request request)
        => request.Header(ContentSha256)
            ?? (claim.Lifetime is not null
                ? request.Query["X-Amz-Content-Sha256"] ?? PayloadModes.UnsignedPayload
                : throw new S3Exception(S3Error.InvalidRequest, "Missing required header for this request: x-amz-content-sha256"));

    private void CheckTime(SignatureV4Claim claim)
    {
        var now = time.GetUtcNow();
        if (claim.Lifetime is not { } lifetime)
        {
            CheckSkew(claim.SignedAt, now);
            return;
        }

        if (claim.SignedAt > now + clockSkew)
            throw new S3Exception(S3Error.AccessDenied, "Request is not yet valid").With("ServerTime", IsoTime.Seconds(now));
        if (now > claim.SignedAt + lifetime)
        {
            throw new S3Exception(S3Error.AccessDenied, "Request has expired").With("X-Amz-Expires", ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture))
                .With("Expires", IsoTime.Seconds(claim.SignedAt + lifetime)).With("ServerTime", IsoTime.Seconds(now));
        }
    }

    private void CheckSkew(DateTimeOffset signedAt, DateTimeOffset now)
    {
        if ((signedAt - now).Duration() > clockSkew)
        {
            throw new S3Exception(S3Error.RequestTimeTooSkewed).With("RequestTime", IsoTime.Seconds(signedAt)).With("ServerTime", IsoTime.Seconds(now))
                .With("MaxAllowedSkewMilliseconds", ((long)clockSkew.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        }
    }

    // The host and every x-amz header must be signed, or they could be changed on the way.
    private static void CheckSignedHeaders(SignatureV4Claim claim, S3Request request)
    {
        if (!claim.SignedHeaders.Contains("host") && !claim.SignedHeaders.Contains(":authority"))
            throw new S3Exception(S3Error.SignatureDoesNotMatch, "The header 'host' must be signed.");
        var unsigned = request.Headers.Keys.Select(k => k.ToLowerInvariant())
            .Where(k => k.StartsWith("x-amz-", StringComparison.Ordinal) && k != ContentSha256 && !claim.SignedHeaders.Contains(k)).ToList();
        if (unsigned.Count > 0)
        {
            throw new S3Exception(S3Error.AccessDenied, "There were headers present in the request which were not signed")
                .With("HeadersNotSigned", string.Join(", ", unsigned));
        }
    }
}
