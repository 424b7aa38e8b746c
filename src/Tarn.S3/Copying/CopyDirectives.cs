using Tarn.S3.Authorization;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Copying;

/// <summary>What of a source's description a copy takes over, and what the request replaces.</summary>
internal static class CopyDirectives
{
    // Neither is copied with the metadata.
    private static readonly string[] s_own = [CannedAcl.Header, "x-amz-storage-class", "x-amz-website-redirect-location"];

    /// <summary>The copy's description.</summary>
    /// <param name="request">The request with its directives.</param>
    /// <param name="asked">What the request itself says about the new object.</param>
    /// <param name="source">The source.</param>
    /// <param name="named">The source as it was named.</param>
    /// <exception cref="S3Exception">InvalidArgument for an unknown directive; InvalidRequest for a copy of an object to itself that changes nothing.</exception>
    public static ObjectCommit Apply(S3Request request, ObjectCommit asked, ObjectRecord source, CopySource named)
    {
        bool replaces = Replaces(request, "x-amz-metadata-directive", "Unknown metadata directive."), replacesTags = Replaces(request, "x-amz-tagging-directive", "Unknown tagging directive.");
        bool isItself = named.Bucket == request.Bucket && named.Key == request.Key && named.VersionId is null;
        if (isItself && !replaces && !replacesTags && !s_own.Any(asked.Headers.ContainsKey) && !request.Headers.ContainsKey("x-amz-storage-class") && !request.Headers.ContainsKey(CannedAcl.Header))
            throw new S3Exception(S3Error.InvalidRequest, "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        return asked with
        {
            Headers = replaces ? asked.Headers : source.Headers.RemoveRange(s_own).SetItems(asked.Headers.Where(h => s_own.Contains(h.Key))),
            UserMetadata = replaces ? asked.UserMetadata : source.UserMetadata,
            Tags = replacesTags ? asked.Tags : source.Tags,
        };
    }

    /// <summary>The algorithm that the request wants for the copy; null for the source's.</summary>
    /// <exception cref="S3Exception">InvalidRequest for an unknown one.</exception>
    public static ChecksumAlgorithm? Algorithm(S3Request request)
    {
        if (request.Header("x-amz-checksum-algorithm") is not { Length: > 0 } name)
            return null;
        return ChecksumAlgorithms.TryParse(name, out var algorithm) ? algorithm
            : throw new S3Exception(S3Error.InvalidRequest, "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
    }

    private static bool Replaces(S3Request request, string header, string refusal) => request.Header(header) switch
    {
        null or "" or "COPY" => false,
        "REPLACE" => true,
        var other => throw new S3Exception(S3Error.InvalidArgument, refusal).With("ArgumentName", header).With("ArgumentValue", other),
    };
}
