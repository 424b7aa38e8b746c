using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Operations;
using Tarn.S3.Requests;

namespace Tarn.S3.Acls;

/// <summary>PutBucketAcl: sets the canned ACL of a bucket.</summary>
internal sealed class PutBucketAcl : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:PutBucketAcl", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        var acl = await AclRules.ReadAsync(call, bucket.Owner, bucket.Owner, cancellationToken);
        await call.Services.Store.UpdateBucketAsync(
            bucket.Name,
            b =>
            {
                AclRules.Check(b, acl);
                return b with { Documents = b.Documents.SetItem(BucketDocuments.Acl, acl.Name) };
            },
            cancellationToken);
        call.Respond(StatusCodes.Status200OK);
    }
}
