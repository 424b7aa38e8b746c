using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Buckets;

/// <summary>DeleteBucket: removes a bucket without objects and versions; uploads that were never completed go with it.</summary>
internal sealed class DeleteBucket : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:DeleteBucket", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        try
        {
            await call.Services.Store.DeleteBucketAsync(call.Request.Bucket, cancellationToken);
        }
        catch (BucketStoreException e) when (e.Fault == BucketFault.BucketNotEmpty)
        {
            await AbortUploadsAsync(call, cancellationToken);
            await call.Services.Store.DeleteBucketAsync(call.Request.Bucket, cancellationToken);
        }

        call.Respond(StatusCodes.Status204NoContent);
    }

    // Only where nothing else is left: a bucket that stays keeps its uploads.
    private static async ValueTask AbortUploadsAsync(S3Call call, CancellationToken cancellationToken)
    {
        var store = call.Services.Store;
        string bucket = call.Request.Bucket;
        if (!(await store.ListAsync(bucket, new() { IncludesVersions = true, Limit = 1 }, cancellationToken)).Objects.IsEmpty)
            return;
        UploadPage page;
        do
        {
            page = await store.ListUploadsAsync(bucket, new(), cancellationToken);
            foreach (var upload in page.Uploads)
                await store.AbortUploadAsync(bucket, upload.Commit.Key, upload.UploadId, cancellationToken);
        }
        while (page.IsTruncated);
    }
}
