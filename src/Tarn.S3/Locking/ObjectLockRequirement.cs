using Tarn.S3.Errors;
using Tarn.S3.Operations;

namespace Tarn.S3.Locking;

/// <summary>Retention and legal holds exist only in buckets with object lock.</summary>
internal static class ObjectLockRequirement
{
    /// <summary>Refuses a request to a bucket without object lock.</summary>
    /// <exception cref="S3Exception">InvalidRequest, NoSuchBucket.</exception>
    public static async ValueTask RequireObjectLockAsync(this S3Call call, CancellationToken cancellationToken)
    {
        if ((await call.BucketAsync(cancellationToken)).ObjectLock is null)
            throw new S3Exception(S3Error.InvalidRequest, "Bucket is missing Object Lock Configuration");
    }

    /// <summary>
    /// Whether governance retention is to be passed over: the request says so, and the caller may (<c>s3:BypassGovernanceRetention</c>). Without the right
    /// the header has no effect, so that protected versions are refused one by one.
    /// </summary>
    public static async ValueTask<bool> BypassesGovernanceAsync(this S3Call call, string key, CancellationToken cancellationToken)
        => string.Equals(call.Request.Header("x-amz-bypass-governance-retention"), "true", StringComparison.OrdinalIgnoreCase)
            && await call.IsAllowedAsync(new("s3:BypassGovernanceRetention", call.Request.Bucket, key), cancellationToken: cancellationToken);
}
