namespace Tarn.S3.Tests.Recordings;

/// <summary>Recorded answers that are not to be reproduced, each with its reason.</summary>
internal static class ReplayExceptions
{
    private static readonly (string Scenario, int Number, string Reason)[] s_exceptions =
    [
        ("boto3-1.43.117/05-presigned-post-sts", 5, "the form is longer than what the record shows of it; boto3 itself posts forms in the tests of clients"),
        ("boto3-1.43.117/05-presigned-post-sts", 6, "the reference server gives a session of any role to anybody; here a role must exist and trust the caller"),
        ("boto3-1.43.117/03-checksums", 22, "the reference server misspells the root element: getObjectAttributesResponse"),
        ("boto3-1.43.117/04-multipart-20mb", 23, "the reference server writes empty checksum elements for an upload without algorithm, and then those of parts"),
    ];

    /// <summary>Why a request is not compared; null when it is.</summary>
    public static string? Reason(RecordedRequest recorded)
        => s_exceptions.FirstOrDefault(e => e.Scenario == recorded.Scenario && e.Number == recorded.Number).Reason;
}
