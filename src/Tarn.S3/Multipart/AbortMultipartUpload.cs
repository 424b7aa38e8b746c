using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Multipart;

/// <summary>AbortMultipartUpload: drops an upload and its parts.</summary>
internal sealed class AbortMultipartUpload : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        string uploadId = call.Request.Query["uploadId"] ?? "";
        await UploadRights.RequireAsync(call, "s3:AbortMultipartUpload", uploadId, cancellationToken);
        await call.Services.Store.AbortUploadAsync(call.Request.Bucket, call.Request.Key, uploadId, cancellationToken);
        call.Respond(StatusCodes.Status204NoContent);
    }
}
