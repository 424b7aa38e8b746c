using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Lifecycle;

/// <summary>PutBucketLifecycleConfiguration: replaces the rules of a bucket.</summary>
internal sealed class PutBucketLifecycleConfiguration : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:PutLifecycleConfiguration", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        int unnamed = 0;
        var lifecycle = LifecycleConfiguration.Parse(await call.ReadBodyAsync(cancellationToken), () => $"{call.RequestId}-{++unnamed}");
        string document = Encoding.UTF8.GetString(LifecycleDocument.Write(lifecycle).ToUtf8());
        await call.Services.Store.UpdateBucketAsync(
            call.Request.Bucket,
            b => b with { Lifecycle = lifecycle.Rules, Documents = b.Documents.SetItem(BucketDocuments.Lifecycle, document) },
            cancellationToken);
        call.Respond(StatusCodes.Status200OK);
    }
}
