using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Acls;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.S3.Tagging;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>Everything that a request says about the object it makes, beside its bytes. A form's fields are read as if they were headers.</summary>
internal static class NewObject
{
    private const string MetadataPrefix = "x-amz-meta-";
    private const string StorageClass = "x-amz-storage-class";

    private static readonly string[] s_kept = ["Cache-Control", "Content-Disposition", "Content-Language", "Content-Type", "Expires", "x-amz-website-redirect-location"];

    private static readonly HashSet<string> s_storageClasses =
    [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "GLACIER_IR", "SNOW",
        "EXPRESS_ONEZONE",
    ];

    /// <summary>Reads headers, user metadata, tags, ACL, lock and preconditions.</summary>
    /// <param name="key">Key of the object.</param>
    /// <param name="headers">Headers of the request, or fields of a form.</param>
    /// <param name="bucket">The bucket, for its object lock.</param>
    /// <param name="acl">Canned ACL that was asked for, or null.</param>
    /// <param name="owner">Canonical id of who stores it.</param>
    /// <param name="now">For the check of a retention date.</param>
    /// <exception cref="S3Exception">A header has a value that the API does not know.</exception>
    public static ObjectCommit Read(string key, IHeaderDictionary headers, BucketRecord bucket, CannedAcl? acl, string owner, DateTimeOffset now)
    {
        RefuseEncryption(headers);
        if (acl is not null)
            AclRules.Check(bucket, acl);
        return new(key)
        {
            Owner = owner,
            Headers = Kept(headers, acl),
            UserMetadata = UserMetadata(headers),
            Tags = TagSet.ParseHeader(headers["x-amz-tagging"].ToString()),
            Retention = NewObjectLock.Retention(headers, bucket, now),
            HasLegalHold = NewObjectLock.LegalHold(headers, bucket),
            Condition = Condition(headers),
        };
    }

    /// <summary>The preconditions of a write: <c>If-None-Match</c> with <c>*</c> or an entity tag, or <c>If-Match</c> with one.</summary>
    /// <exception cref="S3Exception">NotImplemented for both at once.</exception>
    public static WriteCondition? Condition(IHeaderDictionary headers)
    {
        string match = headers.IfMatch.ToString(), noneMatch = headers.IfNoneMatch.ToString();
        if (match.Length == 0 && noneMatch.Length == 0)
            return null;
        if (match.Length > 0 && noneMatch.Length > 0)
            throw new S3Exception(S3Error.NotImplemented, "If-Match and If-None-Match cannot be used together.").With("Header", "If-Match");
        return noneMatch == "*" ? new() { MustBeAbsent = true }
            : noneMatch.Length > 0 ? new() { OtherETag = noneMatch.Trim('"') }
            : new() { ETag = match.Trim('"') };
    }

    private static void RefuseEncryption(IHeaderDictionary headers)
    {
        if (headers.Keys.FirstOrDefault(k => k.StartsWith("x-amz-server-side-encryption", StringComparison.OrdinalIgnoreCase)) is { } encryption)
            throw new S3Exception(S3Error.NotImplemented, "Server-side encryption is not implemented; encrypt the disk, or on the client.").With("Header", encryption);
    }

    private static ImmutableSortedDictionary<string, string> Kept(IHeaderDictionary headers, CannedAcl? acl)
    {
        var kept = ObjectRecord.NoHeaders.ToBuilder();
        foreach (string name in s_kept)
        {
            if (headers.TryGetValue(name, out var value) && value.ToString().Length > 0)
                kept[name] = value.ToString();
        }

        if (ContentEncoding(headers) is { Length: > 0 } encoding)
            kept["Content-Encoding"] = encoding;
        if (headers.TryGetValue(StorageClass, out var storage))
        {
            if (!s_storageClasses.Contains(storage.ToString()))
                throw new S3Exception(S3Error.InvalidStorageClass);
            if (storage != "STANDARD")
                kept[StorageClass] = storage.ToString();
        }

        if (acl is not null && acl != CannedAcl.Private)
            kept[CannedAcl.Header] = acl.Name;
        return kept.ToImmutable();
    }

    // aws-chunked is about the transfer and not about the object.
    private static string ContentEncoding(IHeaderDictionary headers)
        => string.Join(", ", headers.ContentEncoding.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(e => !e.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase)));

    private static ImmutableSortedDictionary<string, string> UserMetadata(IHeaderDictionary headers)
    {
        var metadata = ObjectRecord.NoHeaders.ToBuilder();
        int size = 0;
        foreach (var (header, value) in headers)
        {
            if (!header.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                continue;
            string name = header[MetadataPrefix.Length..].ToLowerInvariant(), text = string.Join(",", value.ToArray());
            metadata[name] = text;
            size += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(text);
        }

        return size <= S3Limits.UserMetadataSizeBytes ? metadata.ToImmutable()
            : throw new S3Exception(S3Error.MetadataTooLarge).With("Size", size.ToString(CultureInfo.InvariantCulture))
                .With("MaxSizeAllowed", S3Limits.UserMetadataSizeBytes.ToString(CultureInfo.InvariantCulture));
    }
}
