using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Buckets;

/// <summary>An operation that removes one document of a bucket, if it is there: DeleteBucketCors, DeleteBucketTagging …</summary>
/// <param name="name">Under what name the bucket keeps it.</param>
/// <param name="action">What the caller must be allowed to do.</param>
internal sealed class DeleteBucketDocument(string name, string action) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket(action, request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.Services.Store.UpdateBucketAsync(call.Request.Bucket, b => b with { Documents = b.Documents.Remove(name) }, cancellationToken);
        call.Respond(StatusCodes.Status204NoContent);
    }
}
