using System.Globalization;
using System.Text;
using Tarn.Access;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;

namespace Tarn.S3.Authentication;

/// <summary>
/// Finds out who sent a request, from its head alone, so that nothing of the body is asked for before: Signature Version 4 and 2, in the header or in
/// the query, or nobody.
/// </summary>
internal sealed partial class RequestAuthenticator(IAccessControl access, TimeProvider time, TimeSpan clockSkew)
{
    private const string AmzDate = "x-amz-date";
    private const string ContentSha256 = "x-amz-content-sha256";
    private const string SecurityToken = "x-amz-security-token";

    private readonly SigningKeys _signingKeys = new();

    /// <summary>Authenticates a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="requestId">Its id, for the audit trail.</param>
    /// <param name="bodyHash">Hexadecimal SHA-256 of a body read before, for services that do not send it (STS); null for S3.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="S3Exception">The proof is missing a part, malformed, out of time or wrong; or too many were wrong before.</exception>
    public async ValueTask<AuthenticatedRequest> AuthenticateAsync(S3Request request, string requestId, string? bodyHash, CancellationToken cancellationToken)
    {
        string? authorization = request.Header("Authorization");
        bool hasHeader = authorization is { Length: > 0 };
        bool hasV4 = request.Query.Has("X-Amz-Algorithm") || request.Query.Has("X-Amz-Signature") || request.Query.Has("X-Amz-Credential");
        bool hasV2 = request.Query.Has("AWSAccessKeyId") || request.Query.Has("Signature");
        if ((hasHeader ? 1 : 0) + (hasV4 ? 1 : 0) + (hasV2 ? 1 : 0) > 1)
        {
            throw new S3Exception(S3Error.InvalidArgument, "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified");
        }

        if (!hasHeader && !hasV4 && !hasV2)
            return Anonymous(request);
        var attempt = new Attempt(request, requestId);
        return authorization switch
        {
            null or "" when hasV4 => await Version4Async(SignatureV4Claim.FromQuery(request.Query), attempt, null, cancellationToken),
            null or "" => await Version2QueryAsync(attempt, cancellationToken),
            _ when authorization.StartsWith(SignatureV4Claim.Algorithm, StringComparison.Ordinal) => await Version4Async(
                SignatureV4Claim.FromHeader(authorization, request.Header(AmzDate), request.Header("Date")), attempt, bodyHash, cancellationToken),
            _ when authorization.StartsWith(SignatureV2.Scheme, StringComparison.Ordinal) => await Version2HeaderAsync(authorization, attempt, cancellationToken),
            _ => throw new S3Exception(S3Error.InvalidArgument, "Unsupported Authorization Type").With("ArgumentName", "Authorization"),
        };
    }

    /// <summary>Checks a signature over a text that a form brings (POST policy), in version 4 or 2.</summary>
    /// <param name="accessKeyId">Key of the form.</param>
    /// <param name="sessionToken">Session token of the form, or null.</param>
    /// <param name="sign">Computes the right signature from the secret.</param>
    /// <param name="given">The form's signature.</param>
    /// <param name="request">The request.</param>
    /// <param name="requestId">Its id.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<Caller> AuthenticateFormAsync(
        string accessKeyId, string? sessionToken, Func<string, string> sign, string given, S3Request request, string requestId, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(request, requestId);
        var credential = await FindAsync(accessKeyId, sessionToken, attempt, cancellationToken);
        if (!SignatureV4.AreEqual(sign(credential.Secret), given))
            throw Refuse(attempt, accessKeyId, new S3Exception(S3Error.SignatureDoesNotMatch).With("AWSAccessKeyId", accessKeyId));
        return Accept(attempt, credential);
    }

    private static AuthenticatedRequest Anonymous(S3Request request)
    {
        string hash = request.Header(ContentSha256) ?? PayloadModes.UnsignedPayload;
        return new(null, PayloadModes.Parse(hash), hash);
    }

    private async ValueTask<AuthenticatedRequest> Version4Async(SignatureV4Claim claim, Attempt attempt, string? bodyHash, CancellationToken cancellationToken)
    {
        var request = attempt.Request;
        CheckService(claim, bodyHash is not null);
        string hash = bodyHash is null || request.Headers.ContainsKey(ContentSha256) ? PayloadHash(claim, request) : bodyHash;
        var mode = PayloadModes.Parse(hash);
        CheckTime(claim);
        CheckSignedHeaders(claim, request);
        string token = request.Header(SecurityToken) ?? request.Query["X-Amz-Security-Token"] ?? "";
        var credential = await FindAsync(claim.Scope.AccessKeyId, token, attempt, cancellationToken);
        byte[] key = _signingKeys.Of(credential, claim.Scope);
        string canonical = CanonicalRequest.Write(request.Method, request.Target, request.Query, request.Headers, claim.SignedHeaders, hash);
        string text = SignatureV4.StringToSign(claim.Timestamp, claim.Scope, canonical);
        if (!SignatureV4.AreEqual(SignatureV4.Sign(key, text), claim.Signature))
            throw Refuse(attempt, credential.AccessKeyId, Mismatch(credential.AccessKeyId, text, claim.Signature).With("CanonicalRequest", canonical));
        _signingKeys.Keep(credential, claim.Scope, key);
        return new(Accept(attempt, credential), mode, hash) { Seed = claim.Lifetime is null ? new(key, claim.Timestamp, claim.Scope, claim.Signature) : null };
    }

    private async ValueTask<AccessCredential> FindAsync(string accessKeyId, string? token, Attempt attempt, CancellationToken cancellationToken)
    {
        if (access.GetRefusal(attempt.Request.Source, accessKeyId) is { Ticks: > 0 } wait)
        {
            throw new S3Exception(S3Error.SlowDown, "Too many requests with a wrong signature; wait before you try again.")
                .WithHeader("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }

        var found = await access.FindAccessKeyAsync(accessKeyId, token is { Length: > 0 } ? token : null, cancellationToken);
        return found.Credential ?? throw Refuse(attempt, accessKeyId, found.Status switch
        {
            AccessKeyStatus.Expired when token is { Length: > 0 } => new S3Exception(S3Error.ExpiredToken),
            AccessKeyStatus.InvalidToken => new S3Exception(S3Error.InvalidToken),
            _ => new S3Exception(S3Error.InvalidAccessKeyId).With("AWSAccessKeyId", accessKeyId),
        });
    }

    private Caller Accept(Attempt attempt, AccessCredential credential)
    {
        access.RecordAuthentication(new(credential.AccessKeyId, true, attempt.Request.Source, "", attempt.RequestId));
        return credential.Caller;
    }

    private S3Exception Refuse(Attempt attempt, string accessKeyId, S3Exception refusal)
    {
        access.RecordAuthentication(new(accessKeyId, false, attempt.Request.Source, refusal.Error.Code, attempt.RequestId));
        return refusal;
    }

    private static S3Exception Mismatch(string accessKeyId, string stringToSign, string given)
        => new S3Exception(S3Error.SignatureDoesNotMatch).With("AWSAccessKeyId", accessKeyId).With("StringToSign", stringToSign)
            .With("SignatureProvided", given).With("StringToSignBytes", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(stringToSign)));

    private readonly record struct Attempt(S3Request Request, string RequestId);
}
