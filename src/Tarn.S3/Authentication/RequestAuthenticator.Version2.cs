using System.Globalization;
using Tarn.Core.Text;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;

namespace Tarn.S3.Authentication;

internal sealed partial class RequestAuthenticator
{
    private async ValueTask<AuthenticatedRequest> Version2HeaderAsync(string authorization, Attempt attempt, CancellationToken cancellationToken)
    {
        string value = authorization[SignatureV2.Scheme.Length..].Trim();
        int colon = value.LastIndexOf(':');
        if (colon <= 0)
            throw new S3Exception(S3Error.InvalidArgument, "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature").With("ArgumentName", "Authorization");
        string? date = attempt.Request.Header(AmzDate) ?? attempt.Request.Header("Date");
        if (ReadDate(date) is not { } signedAt)
            throw new S3Exception(S3Error.AccessDenied, "AWS authentication requires a valid Date or x-amz-date header");
        CheckSkew(signedAt, time.GetUtcNow());
        return await Version2Async(value[..colon], value[(colon + 1)..], null, attempt, cancellationToken);
    }

    // A day of the week that does not fit its date is no reason to refuse what the clock will decide; dates before all clocks of computers are no dates.
    private static DateTimeOffset? ReadDate(string? text)
    {
        string date = text is null ? "" : text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..];
        return DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read) && read >= DateTimeOffset.UnixEpoch ? read : null;
    }

    private async ValueTask<AuthenticatedRequest> Version2QueryAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var query = attempt.Request.Query;
        if (!query.TryGet("AWSAccessKeyId", out string? key) || !query.TryGet("Signature", out string? signature) || !query.TryGet("Expires", out string? expires))
            throw new S3Exception(S3Error.AccessDenied, "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            throw new S3Exception(S3Error.AccessDenied, "Invalid date (should be seconds since epoch): " + expires);
        var now = time.GetUtcNow();
        if (now > DateTimeOffset.FromUnixTimeSeconds(seconds))
            throw new S3Exception(S3Error.AccessDenied, "Request has expired").With("Expires", IsoTime.Seconds(DateTimeOffset.FromUnixTimeSeconds(seconds))).With("ServerTime", IsoTime.Seconds(now));
        return await Version2Async(key, signature, expires, attempt, cancellationToken);
    }

    private async ValueTask<AuthenticatedRequest> Version2Async(
        string accessKeyId, string signature, string? expires, Attempt attempt, CancellationToken cancellationToken)
    {
        var request = attempt.Request;
        string hash = request.Header(ContentSha256) ?? PayloadModes.UnsignedPayload;
        var mode = PayloadModes.Parse(hash);
        string token = request.Header(SecurityToken) ?? request.Query[SecurityToken] ?? "";
        var credential = await FindAsync(accessKeyId, token, attempt, cancellationToken);
        string text = SignatureV2.StringToSign(request.Method, request.Target, request.Query, request.Address, request.Headers, expires);
        // botocore sends "/bucket" and signs "/bucket/".
        var withSlash = request.Target with { RawPath = request.Target.RawPath + "/" };
        bool isRight = SignatureV4.AreEqual(SignatureV2.Sign(credential.Secret, text), signature)
            || (request.Address is { Level: AddressLevel.Bucket, IsVirtualHost: false } && !request.Target.RawPath.EndsWith('/') && SignatureV4.AreEqual(
                SignatureV2.Sign(credential.Secret, SignatureV2.StringToSign(request.Method, withSlash, request.Query, request.Address, request.Headers, expires)), signature));
        if (!isRight)
            throw Refuse(attempt, accessKeyId, Mismatch(accessKeyId, text, signature));
        return new(Accept(attempt, credential), mode, hash);
    }
}
