using System.Text;
using Tarn.S3.Authorization;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Policies;

/// <summary>GetBucketPolicyStatus: whether the policy of a bucket, or its ACL, makes it public.</summary>
internal sealed class GetBucketPolicyStatus : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:GetBucketPolicyStatus", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        bool isPublic = CannedAcl.Of(bucket).IsPublic
            || (bucket.Documents.TryGetValue(BucketDocuments.Policy, out string? policy) && BucketPolicy.Parse(Encoding.UTF8.GetBytes(policy), bucket.Name).IsPublic);
        await call.RespondAsync(new XmlAnswer().Root("PolicyStatus").Element("IsPublic", isPublic).Close(), cancellationToken);
    }
}
