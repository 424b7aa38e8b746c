using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Buckets;

/// <summary>An operation that Tarn does not offer; refused by its name, so that nobody takes it for done.</summary>
/// <param name="name">Operation as the API reference names it.</param>
/// <param name="action">What the caller must be allowed to do.</param>
/// <param name="instead">What to use instead, or why not; a sentence.</param>
internal sealed class NotImplementedOperation(string name, string action, string instead) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => new(action, request.Bucket, request.Key);

    /// <inheritdoc/>
    public ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
        => throw new S3Exception(S3Error.NotImplemented, $"{name} is not implemented. {instead}");
}
