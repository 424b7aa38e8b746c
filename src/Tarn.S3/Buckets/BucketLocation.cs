using Tarn.S3.Authorization;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Buckets;

/// <summary>The region that a bucket reports.</summary>
internal static class BucketLocation
{
    // This region's location constraint is empty, for it is older than location constraints.
    private const string FirstRegion = "us-east-1";

    /// <summary>Name of the region.</summary>
    public static string RegionOf(BucketRecord bucket, S3Options options)
        => bucket.Documents.TryGetValue(BucketDocuments.Location, out string? location) ? location : options.Region;

    /// <summary>The location constraint: the region, or empty for <c>us-east-1</c>.</summary>
    public static string ConstraintOf(BucketRecord bucket, S3Options options) => RegionOf(bucket, options) is var region && region == FirstRegion ? "" : region;
}
