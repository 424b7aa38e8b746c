using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Policies;

/// <summary>GetBucketPolicy: the policy of a bucket as it was given.</summary>
internal sealed class GetBucketPolicy : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:GetBucketPolicy", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        if (!bucket.Documents.TryGetValue(BucketDocuments.Policy, out string? policy))
            throw new S3Exception(S3Error.NoSuchBucketPolicy).With("BucketName", bucket.Name);
        await call.RespondAsync(StatusCodes.Status200OK, "application/json", Encoding.UTF8.GetBytes(policy), cancellationToken);
    }
}
