namespace Tarn.S3.Requests;

/// <summary>Limits of the S3 API on requests ("Amazon S3 quotas", "PutObject").</summary>
internal static class S3Limits
{
    /// <summary>The largest object of one PUT, POST or part.</summary>
    public const long BodySizeBytes = 5L * 1024 * 1024 * 1024;

    /// <summary>Room for the aws-chunked framing around such a body.</summary>
    public const long FramedBodySizeBytes = BodySizeBytes + (BodySizeBytes / 32);

    /// <summary>Names and values of <c>x-amz-meta-*</c> together.</summary>
    public const int UserMetadataSizeBytes = 2048;

    /// <summary>How long a reader of an object may take nothing of the next 128 KiB. Readers that look at what they have got pause, too, but seldom for a minute.</summary>
    public static readonly TimeSpan ReaderSilence = TimeSpan.FromMinutes(1);

    /// <summary>A form of the security token service.</summary>
    public const int FormSizeBytes = 64 * 1024;
}
