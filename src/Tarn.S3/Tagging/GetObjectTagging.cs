using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Versions;

namespace Tarn.S3.Tagging;

/// <summary>GetObjectTagging: tags of a version.</summary>
internal sealed class GetObjectTagging : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var record = await TaggedVersion.AuthorizeAsync(call, "s3:GetObjectTagging", "s3:GetObjectVersionTagging", cancellationToken);
        TaggedVersion.Show(call, record);
        await call.RespondAsync(TagSet.Document(record.Tags), cancellationToken);
    }
}
