using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tagging;

/// <summary>DeleteObjectTagging: removes the tags of a version.</summary>
internal sealed class DeleteObjectTagging : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        await TaggedVersion.AuthorizeAsync(call, "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging", cancellationToken);
        var record = await call.Services.Store.UpdateAsync(
            request.Bucket, request.Key, request.VersionId, r => r with { Tags = ObjectRecord.NoTags }, cancellationToken: cancellationToken);
        TaggedVersion.Show(call, record);
        call.Respond(StatusCodes.Status204NoContent);
    }
}
