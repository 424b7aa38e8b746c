using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Versioning;

/// <summary>PutBucketVersioning: enables or suspends versioning.</summary>
internal sealed class PutBucketVersioning : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:PutBucketVersioning", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var versioning = VersioningConfiguration.Parse(await call.ReadBodyAsync(cancellationToken));
        await call.Services.Store.UpdateBucketAsync(call.Request.Bucket, b => Apply(b, versioning), cancellationToken);
        call.Respond(StatusCodes.Status200OK);
    }

    private static BucketRecord Apply(BucketRecord bucket, BucketVersioning versioning)
        => bucket.ObjectLock is null || versioning == BucketVersioning.Enabled ? bucket with { Versioning = versioning }
            : throw new S3Exception(S3Error.InvalidBucketState, "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
}
