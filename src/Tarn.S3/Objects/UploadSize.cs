using System.Globalization;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;

namespace Tarn.S3.Objects;

/// <summary>The length of what PutObject and UploadPart receive, which must be told before, unless the body ends itself by chunked transfer coding.</summary>
internal static class UploadSize
{
    /// <summary>The length of a payload; null when only its end will tell.</summary>
    /// <exception cref="S3Exception">MissingContentLength, or EntityTooLarge.</exception>
    public static long? Require(S3Request request, RequestPayload payload)
    {
        if (payload.SizeBytes is not { } size)
            return request.Headers.TransferEncoding.Count > 0 ? null : throw new S3Exception(S3Error.MissingContentLength);
        return size <= S3Limits.BodySizeBytes ? size
            : throw new S3Exception(S3Error.EntityTooLarge).With("ProposedSize", size.ToString(CultureInfo.InvariantCulture))
                .With("MaxSizeAllowed", S3Limits.BodySizeBytes.ToString(CultureInfo.InvariantCulture));
    }
}
