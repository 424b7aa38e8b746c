using System.Collections.Immutable;

namespace Tarn.Storage.Buckets;

/// <summary>A bucket and its configuration. Changed only through <see cref="IBucketStore.UpdateBucketAsync"/>.</summary>
/// <param name="Name">3 to 63 lower-case letters, digits, dots and hyphens.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record BucketRecord(string Name, DateTimeOffset CreatedAt)
{
    /// <summary>Canonical id of the owner; empty for the bucket that every data folder has from the beginning.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Whether overwritten and deleted objects are kept. Once not <see cref="BucketVersioning.Off"/>, never that again.</summary>
    public BucketVersioning Versioning { get; init; }

    /// <summary>Object lock; null when the bucket was created without it and it was not enabled since.</summary>
    public ObjectLockSettings? ObjectLock { get; init; }

    /// <summary>Rules of the lifecycle, in the order given; empty for none.</summary>
    public ImmutableArray<LifecycleRule> Lifecycle { get; init; } = [];

    /// <summary>Most bytes that all versions, parts included, may take; null for no limit.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>
    /// Configuration that the store only keeps for its doors (policy, CORS, tagging, notification, ACL …): name to text. At most
    /// <see cref="BucketLimits.DocumentBytes"/> in all.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Documents { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>Versioning of a bucket (AWS: PutBucketVersioning).</summary>
public enum BucketVersioning
{
    /// <summary>Never enabled: an object has one version, called <c>null</c>.</summary>
    Off,

    /// <summary>Every put makes a version of its own, every delete a delete marker.</summary>
    Enabled,

    /// <summary>New puts and delete markers are the version <c>null</c>; older versions stay.</summary>
    Suspended,
}

/// <summary>What a bucket holds at the moment.</summary>
/// <param name="ObjectCount">Versions that are not delete markers.</param>
/// <param name="SizeBytes">Bytes of all versions and of the parts of unfinished uploads.</param>
public readonly record struct BucketUsage(long ObjectCount, long SizeBytes);
