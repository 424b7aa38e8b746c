using Tarn.S3.Authorization;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Acls;

/// <summary>GetBucketAcl: owner and grants of a bucket.</summary>
internal sealed class GetBucketAcl : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:GetBucketAcl", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        await AclAnswer.RespondAsync(call, bucket.Owner, bucket.Owner, CannedAcl.Of(bucket), cancellationToken);
    }
}
