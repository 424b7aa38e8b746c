using System.Globalization;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;

namespace Tarn.S3.Objects;

/// <summary>The length of what PutObject and UploadPart receive, which must be told before.</summary>
internal static class UploadSize
{
    /// <summary>The length of a payload.</summary>
    /// <exception cref="S3Exception">MissingContentLength, or EntityTooLarge.</exception>
    public static long Require(RequestPayload payload)
    {
        long size = payload.SizeBytes ?? throw new S3Exception(S3Error.MissingContentLength);
        return size <= S3Limits.BodySizeBytes ? size
            : throw new S3Exception(S3Error.EntityTooLarge).With("ProposedSize", size.ToString(CultureInfo.InvariantCulture))
                .With("MaxSizeAllowed", S3Limits.BodySizeBytes.ToString(CultureInfo.InvariantCulture));
    }
}
