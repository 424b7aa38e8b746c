using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Versions;

namespace Tarn.S3.Objects;

/// <summary>RestoreObject: refused, since no object of Tarn is archived.</summary>
internal sealed class RestoreObject : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:RestoreObject", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var record = await call.VersionAsync(cancellationToken);
        throw new S3Exception(S3Error.InvalidObjectState, "Restore is not allowed for the object's current storage class")
            .With("StorageClass", ListingParameters.StorageClass(record.Headers));
    }
}
