using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Buckets;

/// <summary>DeleteBucket: removes an empty bucket.</summary>
internal sealed class DeleteBucket : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:DeleteBucket", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.Services.Store.DeleteBucketAsync(call.Request.Bucket, cancellationToken);
        call.Respond(StatusCodes.Status204NoContent);
    }
}
