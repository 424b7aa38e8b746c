using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Buckets;

/// <summary>HeadBucket: whether a bucket exists and may be listed.</summary>
internal sealed class HeadBucket : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:ListBucket", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        call.Response.Headers["x-amz-bucket-region"] = BucketLocation.RegionOf(bucket, call.Services.Options);
        call.Response.Headers["x-amz-access-point-alias"] = "false";
        call.Respond(StatusCodes.Status200OK);
    }
}
