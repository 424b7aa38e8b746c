using System.Globalization;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>The conditions of GET and HEAD (RFC 9110 §13) against a version. Entity tags come with quotes, without, or weak.</summary>
internal static class ReadConditions
{
    /// <summary>Checks them in the order of RFC 9110 §13.2.2.</summary>
    /// <exception cref="S3Exception">PreconditionFailed, or NotModified.</exception>
    public static void Check(S3Request request, ObjectRecord record)
    {
        if (request.Header("If-Match") is { } match)
        {
            if (!HasTag(match, record.ETag))
                throw new S3Exception(S3Error.PreconditionFailed).With("Condition", "If-Match");
        }
        else if (Time(request, "If-Unmodified-Since") is { } unmodified && Seconds(record.LastModified) > unmodified)
        {
            throw new S3Exception(S3Error.PreconditionFailed).With("Condition", "If-Unmodified-Since");
        }

        if (request.Header("If-None-Match") is { } noneMatch)
        {
            if (HasTag(noneMatch, record.ETag))
                throw new S3Exception(S3Error.NotModified);
        }
        else if (Time(request, "If-Modified-Since") is { } modified && Seconds(record.LastModified) <= modified)
        {
            throw new S3Exception(S3Error.NotModified);
        }
    }

    /// <summary>Whether a range counts: there is no <c>If-Range</c>, or it names this version (RFC 9110 §13.1.5).</summary>
    public static bool KeepsRange(S3Request request, ObjectRecord record)
        => request.Header("If-Range") is not { } condition
            || (TryTime(condition, out var time) ? Seconds(record.LastModified) == time : HasTag(condition, record.ETag));

    /// <summary>Whether a list of entity tags holds one.</summary>
    public static bool HasTag(string list, string eTag)
    {
        foreach (string candidate in list.Split(',', StringSplitOptions.TrimEntries))
        {
            string tag = candidate.StartsWith("W/", StringComparison.Ordinal) ? candidate[2..] : candidate;
            if (tag == "*" || tag.Trim('"') == eTag)
                return true;
        }

        return false;
    }

    // A text that is no date is no condition.
    private static DateTimeOffset? Time(S3Request request, string header) => TryTime(request.Header(header), out var time) ? time : null;

    private static bool TryTime(string? text, out DateTimeOffset time)
        => DateTimeOffset.TryParseExact(text, ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out time);

    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
