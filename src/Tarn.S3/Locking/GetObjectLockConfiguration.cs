using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Locking;

/// <summary>GetObjectLockConfiguration: whether object lock is enabled, and the default retention.</summary>
internal sealed class GetObjectLockConfiguration : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:GetBucketObjectLockConfiguration", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        var settings = bucket.ObjectLock ?? throw new S3Exception(S3Error.ObjectLockConfigurationNotFoundError).With("BucketName", bucket.Name);
        await call.RespondAsync(ObjectLockConfiguration.Write(settings), cancellationToken);
    }
}
