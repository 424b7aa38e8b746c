using Microsoft.AspNetCore.Http;
using Tarn.S3.Locking;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>
/// DeleteObject: removes a version, or the key: in a bucket with versioning by a delete marker. What is not there counts as deleted, also a "folder" whose
/// name only occurs as the beginning of other keys.
/// </summary>
internal sealed class DeleteObject(S3Services services) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnVersion("s3:DeleteObject", "s3:DeleteObjectVersion", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        var outcome = await services.Store.DeleteAsync(
            request.Bucket,
            request.Key,
            new()
            {
                VersionId = request.VersionId,
                Owner = call.CallerId,
                BypassesGovernance = await call.BypassesGovernanceAsync(request.Key, cancellationToken),
                Condition = DeleteConditions.Read(request),
            },
            cancellationToken);
        if (outcome.VersionId is { } version)
            call.Response.Headers["x-amz-version-id"] = version;
        if (outcome.IsDeleteMarker)
            call.Response.Headers["x-amz-delete-marker"] = "true";
        call.Respond(StatusCodes.Status204NoContent);
    }
}
