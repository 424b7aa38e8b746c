using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Versioning;

/// <summary>GetBucketVersioning: whether versioning is enabled, suspended, or was never enabled.</summary>
internal sealed class GetBucketVersioning : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:GetBucketVersioning", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        await call.RespondAsync(VersioningConfiguration.Write(bucket.Versioning), cancellationToken);
    }
}
