using System.Globalization;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Copying;

/// <summary>The conditions <c>x-amz-copy-source-if-*</c>. Unlike those of a read, all of them are answered with PreconditionFailed.</summary>
internal static class CopyConditions
{
    private const string Prefix = "x-amz-copy-source-if-";

    /// <summary>Checks them against the source. A tag condition that holds outranks the time condition of its pair.</summary>
    /// <exception cref="S3Exception">PreconditionFailed.</exception>
    public static void Check(S3Request request, ObjectRecord source)
    {
        if (request.Header(Prefix + "match") is { } match)
            Require(ReadConditions.HasTag(match, source.ETag), "match");
        else if (Time(request, "unmodified-since") is { } unmodified)
            Require(source.LastModified < unmodified.AddSeconds(1), "unmodified-since");

        if (request.Header(Prefix + "none-match") is { } noneMatch)
            Require(!ReadConditions.HasTag(noneMatch, source.ETag), "none-match");
        else if (Time(request, "modified-since") is { } modified)
            Require(source.LastModified >= modified.AddSeconds(1), "modified-since");
    }

    private static void Require(bool holds, string condition)
    {
        if (!holds)
            throw new S3Exception(S3Error.PreconditionFailed).With("Condition", Prefix + condition);
    }

    // Times have seconds; a text that is no date is no condition.
    private static DateTimeOffset? Time(S3Request request, string condition)
        => DateTimeOffset.TryParseExact(request.Header(Prefix + condition), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
