using Tarn.Storage.Buckets.Maintenance;

namespace Tarn.Storage.Buckets;

/// <summary>When the current version of a key expires, and why.</summary>
/// <param name="Time">UTC, not before which it is removed.</param>
/// <param name="RuleId">The rule of the lifecycle that comes first.</param>
public sealed record ObjectExpiration(DateTimeOffset Time, string RuleId)
{
    /// <summary>Looks for the rule of a bucket that removes an object first, in real days; null when no enabled rule applies to it.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="current">The current version of a key.</param>
    public static ObjectExpiration? Find(BucketRecord bucket, ObjectRecord current)
        => bucket.Lifecycle.IsEmpty || current.IsDeleteMarker ? null : new LifecycleTerms(bucket.Lifecycle, default, day: null).Expiration(current);
}
