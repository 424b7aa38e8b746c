using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Policies;

/// <summary>PutBucketPolicy: replaces the policy of a bucket.</summary>
internal sealed class PutBucketPolicy : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:PutBucketPolicy", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var policy = BucketPolicy.Parse(await call.ReadBodyAsync(cancellationToken), call.Request.Bucket);
        if (await call.Services.Access.FindMissingPrincipalAsync(policy, cancellationToken) is { } missing)
            throw new S3Exception(S3Error.MalformedPolicy, "Invalid principal in policy").With("Detail", missing);
        await call.Services.Store.UpdateBucketAsync(call.Request.Bucket, b => Apply(b, policy.Text, policy.IsPublic), cancellationToken);
        call.Respond(StatusCodes.Status204NoContent);
    }

    private static BucketRecord Apply(BucketRecord bucket, string policy, bool isPublic)
        => isPublic && PublicAccessBlock.Of(bucket).BlocksPublicPolicy
            ? throw new S3Exception(S3Error.AccessDenied, "Public policies are blocked by the bucket's public access block (BlockPublicPolicy).")
            : bucket with { Documents = bucket.Documents.SetItem(BucketDocuments.Policy, policy) };
}
