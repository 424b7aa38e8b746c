using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Buckets;

/// <summary>GetBucketLocation: the region of a bucket.</summary>
internal sealed class GetBucketLocation : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:GetBucketLocation", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        var xml = new XmlAnswer().Root("LocationConstraint").Text(BucketLocation.ConstraintOf(bucket, call.Services.Options)).Close();
        await call.RespondAsync(xml, cancellationToken);
    }
}
