using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Buckets;

/// <summary>An operation that gives back one document of a bucket: GetBucketCors, GetBucketTagging …</summary>
/// <param name="name">Under what name the bucket keeps it.</param>
/// <param name="action">What the caller must be allowed to do.</param>
/// <param name="missing">The error of a bucket without it; null for an empty document of the root <paramref name="root"/>.</param>
/// <param name="root">Root of the empty document.</param>
internal sealed class GetBucketDocument(string name, string action, S3Error? missing, string root = "") : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket(action, request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        byte[] document = bucket.Documents.TryGetValue(name, out string? text) ? Encoding.UTF8.GetBytes(text)
            : missing is null ? new XmlAnswer().Root(root).Close().ToUtf8()
            : throw new S3Exception(missing).With("BucketName", bucket.Name);
        await call.RespondAsync(StatusCodes.Status200OK, XmlAnswer.ContentType, document, cancellationToken);
    }
}
