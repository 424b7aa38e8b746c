using System.Globalization;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>
/// The preconditions of a deletion ("DeleteObject"): the entity tag in <c>If-Match</c>, and length and time of the last change in headers of Amazon's own. AWS
/// takes the latter for directory buckets; here every bucket does, for a condition that is not looked at protects nothing.
/// </summary>
internal static class DeleteConditions
{
    private const string SizeHeader = "x-amz-if-match-size", TimeHeader = "x-amz-if-match-last-modified-time";

    /// <summary>Reads them; null for none.</summary>
    /// <exception cref="S3Exception">InvalidArgument: one has not the form of its header.</exception>
    public static WriteCondition? Read(S3Request request)
    {
        string match = request.Headers.IfMatch.ToString();
        var condition = new WriteCondition
        {
            ETag = match.Length == 0 ? null : match.Trim('"'),
            SizeBytes = Size(request.Header(SizeHeader)),
            LastModified = Time(request.Header(TimeHeader)),
        };
        return condition == new WriteCondition() ? null : condition;
    }

    private static long? Size(string? text) => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size
        : throw Wrong(SizeHeader, text, "a number of bytes");

    // The model calls it an HTTP date; ISO 8601 is what the same condition of DeleteObjects may have.
    private static DateTimeOffset? Time(string? text) => text is null ? null
        : DateTimeOffset.TryParseExact(text, ["r", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw Wrong(TimeHeader, text, "a date as HTTP has it");

    private static S3Exception Wrong(string header, string value, string wanted)
        => new S3Exception(S3Error.InvalidArgument, $"The header {header} is not {wanted}.").With("ArgumentName", header).With("ArgumentValue", value);
}
