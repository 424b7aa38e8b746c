using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Objects;

/// <summary>HeadObject: what GetObject answers, without the bytes.</summary>
internal sealed class HeadObject(S3Services services) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        var record = await services.Store.HeadAsync(bucket.Name, call.Request.Key, call.Request.VersionId, cancellationToken);
        await ObjectReading.BeginAsync(call, bucket, record, cancellationToken);
    }
}
