using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Buckets;

/// <summary>Reading a configuration that is the same for every bucket of Tarn, such as logging, which is off.</summary>
/// <param name="action">What the caller must be allowed to do.</param>
/// <param name="root">Root of the document.</param>
/// <param name="write">Writes what is in it; null for nothing.</param>
internal sealed class FixedConfiguration(string action, string root, Action<XmlAnswer>? write = null) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket(action, request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.BucketAsync(cancellationToken);
        var xml = new XmlAnswer().Root(root);
        write?.Invoke(xml);
        await call.RespondAsync(xml.Close(), cancellationToken);
    }
}
