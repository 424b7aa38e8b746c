using System.Collections.Immutable;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>Parameters that all listings share.</summary>
internal static class ListingParameters
{
    /// <summary>Whether keys are to be percent-encoded.</summary>
    /// <exception cref="S3Exception">InvalidArgument for another encoding.</exception>
    public static bool IsUrlEncoded(RequestQuery query)
    {
        if (!query.TryGet("encoding-type", out string? encoding))
            return false;
        return encoding == "url" ? true
            : throw new S3Exception(S3Error.InvalidArgument, "Invalid Encoding Method specified in Request").With("ArgumentName", "encoding-type").With("ArgumentValue", encoding);
    }

    /// <summary>How many entries a page has: what was asked for, and at most <see cref="BucketLimits.PageEntries"/>.</summary>
    public static int Limit(RequestQuery query, string name)
        => Math.Min(query.Integer(name, 0, int.MaxValue) ?? BucketLimits.PageEntries, BucketLimits.PageEntries);

    /// <summary>The storage class of an object.</summary>
    public static string StorageClass(ImmutableSortedDictionary<string, string> headers) => headers.GetValueOrDefault("x-amz-storage-class", "STANDARD");
}
