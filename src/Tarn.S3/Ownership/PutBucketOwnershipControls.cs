using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Ownership;

/// <summary>PutBucketOwnershipControls: who owns what others store in a bucket, and whether it has ACLs.</summary>
internal sealed class PutBucketOwnershipControls : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:PutBucketOwnershipControls", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        string ownership = ObjectOwnership.Parse(await call.ReadBodyAsync(cancellationToken));
        await call.Services.Store.UpdateBucketAsync(call.Request.Bucket, b => Apply(b, ownership), cancellationToken);
        call.Respond(StatusCodes.Status200OK);
    }

    private static BucketRecord Apply(BucketRecord bucket, string ownership)
    {
        if (ownership == ObjectOwnership.BucketOwnerEnforced && CannedAcl.Of(bucket).Name != CannedAcl.Private.Name)
            throw new S3Exception(S3Error.InvalidBucketAclWithObjectOwnership);
        return bucket with { Documents = bucket.Documents.SetItem(BucketDocuments.OwnershipControls, ObjectOwnership.TextOf(ownership)) };
    }
}
