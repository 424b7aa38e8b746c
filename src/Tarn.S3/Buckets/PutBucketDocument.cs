using System.Text;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Buckets;

/// <summary>An operation that replaces one document of a bucket: PutBucketCors, PutBucketTagging …</summary>
/// <param name="name">Under what name the bucket keeps it.</param>
/// <param name="action">What the caller must be allowed to do.</param>
/// <param name="status">HTTP status of success.</param>
/// <param name="validate">Parses the body, refuses what breaks a rule, and gives the document as it is kept and given back.</param>
internal sealed class PutBucketDocument(string name, string action, int status, Func<ReadOnlyMemory<byte>, XmlAnswer> validate) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket(action, request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        string document = Encoding.UTF8.GetString(validate(await call.ReadBodyAsync(cancellationToken)).ToUtf8());
        await call.Services.Store.UpdateBucketAsync(call.Request.Bucket, b => b with { Documents = b.Documents.SetItem(name, document) }, cancellationToken);
        call.Respond(status);
    }
}
