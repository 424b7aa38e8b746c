using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Lifecycle;

/// <summary>DeleteBucketLifecycle: removes the rules of a bucket.</summary>
internal sealed class DeleteBucketLifecycle : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:PutLifecycleConfiguration", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.Services.Store.UpdateBucketAsync(
            call.Request.Bucket, b => b with { Lifecycle = [], Documents = b.Documents.Remove(BucketDocuments.Lifecycle) }, cancellationToken);
        call.Respond(StatusCodes.Status204NoContent);
    }
}
