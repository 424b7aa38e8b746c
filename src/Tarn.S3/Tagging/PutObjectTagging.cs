using Microsoft.AspNetCore.Http;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Tagging;

/// <summary>PutObjectTagging: replaces the tags of a version.</summary>
internal sealed class PutObjectTagging : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        await TaggedVersion.AuthorizeAsync(call, "s3:PutObjectTagging", "s3:PutObjectVersionTagging", cancellationToken);
        var tags = TagSet.Parse(await call.ReadBodyAsync(cancellationToken), TagSet.ObjectLimit);
        var record = await call.Services.Store.UpdateAsync(
            request.Bucket, request.Key, request.VersionId, r => r with { Tags = tags }, cancellationToken: cancellationToken);
        TaggedVersion.Show(call, record);
        call.Respond(StatusCodes.Status200OK);
    }
}
