using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Locking;

/// <summary>PutObjectLockConfiguration: sets the default retention; enables object lock where versioning is enabled.</summary>
internal sealed class PutObjectLockConfiguration : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:PutBucketObjectLockConfiguration", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var settings = ObjectLockConfiguration.Parse(await call.ReadBodyAsync(cancellationToken));
        await call.Services.Store.UpdateBucketAsync(call.Request.Bucket, b => Apply(b, settings), cancellationToken);
        call.Respond(StatusCodes.Status200OK);
    }

    private static BucketRecord Apply(BucketRecord bucket, ObjectLockSettings settings)
        => bucket.Versioning == BucketVersioning.Enabled ? bucket with { ObjectLock = settings }
            : throw new S3Exception(S3Error.InvalidBucketState, "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
}
