using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Buckets;

/// <summary>
/// Reading a configuration that no bucket of Tarn can have, such as website or replication: clients that ask for it get the answer of a bucket without
/// it. Setting it is NotImplemented.
/// </summary>
/// <param name="action">What the caller must be allowed to do.</param>
/// <param name="missing">The error of a bucket without it.</param>
internal sealed class AbsentConfiguration(string action, S3Error missing) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket(action, request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        throw new S3Exception(missing).With("BucketName", bucket.Name);
    }
}
