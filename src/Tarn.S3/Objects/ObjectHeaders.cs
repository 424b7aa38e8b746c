using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tarn.Core.Text;
using Tarn.S3.Authorization;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>The headers with which GET and HEAD describe a version.</summary>
internal static class ObjectHeaders
{
    /// <summary>What an object without a type is.</summary>
    public const string DefaultContentType = "binary/octet-stream";

    // Parameters of a request that replace a header of the answer.
    private static readonly (string Parameter, string Header)[] s_overrides =
    [
        ("response-cache-control", "Cache-Control"), ("response-content-disposition", "Content-Disposition"), ("response-content-encoding", "Content-Encoding"),
        ("response-content-language", "Content-Language"), ("response-content-type", "Content-Type"), ("response-expires", "Expires"),
    ];

    /// <summary>Entity tag with its quotes.</summary>
    public static string Quoted(string eTag) => $"\"{eTag}\"";

    /// <summary>A time as headers have it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);

    /// <summary>Tag, time and version id, which a 304 or 412 has as well.</summary>
    public static void WriteValidators(S3Call call, BucketRecord bucket, ObjectRecord record)
    {
        var headers = call.Response.Headers;
        headers.ETag = Quoted(record.ETag);
        headers.LastModified = Time(record.LastModified);
        if (bucket.Versioning != BucketVersioning.Off)
            headers["x-amz-version-id"] = record.VersionId;
    }

    /// <summary>When a lifecycle rule will remove the current version of a key ("x-amz-expiration"); nothing for a version that the request names.</summary>
    public static void WriteExpiration(S3Call call, BucketRecord bucket, ObjectRecord record)
    {
        if (call.Request.VersionId is null && ObjectExpiration.Find(bucket, record) is { } expiration)
            call.Response.Headers["x-amz-expiration"] = $"expiry-date=\"{Time(expiration.Time)}\", rule-id=\"{Uri.EscapeDataString(expiration.RuleId)}\"";
    }

    /// <summary>Everything else.</summary>
    /// <exception cref="S3Exception">InvalidRequest when an anonymous caller wants headers replaced.</exception>
    public static void Write(S3Call call, ObjectRecord record, ObjectSlice slice)
    {
        var headers = call.Response.Headers;
        headers.AcceptRanges = "bytes";
        headers.ContentType = DefaultContentType;
        foreach (var (name, value) in record.Headers)
        {
            if (name != CannedAcl.Header)
                headers[name] = value;
        }

        foreach (var (name, value) in record.UserMetadata)
            headers["x-amz-meta-" + name] = EncodedWord.Write(value);
        if (record.Tags.Count > 0)
            headers["x-amz-tagging-count"] = record.Tags.Count.ToString(CultureInfo.InvariantCulture);
        if (call.Request.Query.Has("partNumber") && record.Parts.Length > 0)
            headers["x-amz-mp-parts-count"] = record.Parts.Length.ToString(CultureInfo.InvariantCulture);
        WriteLock(headers, record);
        WriteChecksums(call.Request, headers, record, slice);
        Override(call, headers);
        call.Response.StatusCode = slice.Status;
        call.Response.ContentLength = slice.Range.Length;
        if (slice.IsPartial && record.SizeBytes > 0)
            headers.ContentRange = $"bytes {slice.Range.Offset}-{slice.Range.Offset + slice.Range.Length - 1}/{record.SizeBytes}";
    }

    /// <summary>Whether the answer has the checksums of the whole object: when they were asked for and all bytes are sent.</summary>
    public static bool WantsChecksums(S3Request request, ObjectRecord record, ObjectSlice slice)
        => IsChecksumMode(request) && slice.Part is null && slice.Range.Length == record.SizeBytes;

    private static bool IsChecksumMode(S3Request request) => string.Equals(request.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase);

    private static void WriteLock(IHeaderDictionary headers, ObjectRecord record)
    {
        if (record.Retention is { } retention)
        {
            headers["x-amz-object-lock-mode"] = retention.Mode == RetentionMode.Governance ? "GOVERNANCE" : "COMPLIANCE";
            headers["x-amz-object-lock-retain-until-date"] = IsoTime.Milliseconds(retention.RetainUntil);
        }

        if (record.HasLegalHold)
            headers["x-amz-object-lock-legal-hold"] = "ON";
    }

    // A checksum describes whole content, so a range has none; a part has its own.
    private static void WriteChecksums(S3Request request, IHeaderDictionary headers, ObjectRecord record, ObjectSlice slice)
    {
        if (slice.Part is { } part && IsChecksumMode(request))
            Write(headers, part.Checksums, record.Checksums.Any(c => c.IsComposite));
        else if (WantsChecksums(request, record, slice))
            Write(headers, record.Checksums, record.Checksums.Any(c => c.IsComposite));
    }

    private static void Write(IHeaderDictionary headers, ImmutableArray<ObjectChecksum> checksums, bool isComposite)
    {
        foreach (var checksum in checksums)
        {
            headers[checksum.Algorithm.Header] = checksum.Value;
            headers["x-amz-checksum-type"] = isComposite ? "COMPOSITE" : "FULL_OBJECT";
        }
    }

    private static void Override(S3Call call, IHeaderDictionary headers)
    {
        foreach (var (parameter, header) in s_overrides)
        {
            if (call.Request.Query[parameter] is not { } value)
                continue;
            if (call.Caller is null)
                throw new S3Exception(S3Error.InvalidRequest, "Request specific response headers cannot be used for anonymous GET requests.");
            if (value.Any(char.IsControl))
                throw new S3Exception(S3Error.InvalidArgument, "Header value cannot be represented: it holds a control character.").With("ArgumentName", parameter);
            headers[header] = EncodedWord.Write(value);
        }
    }
}
