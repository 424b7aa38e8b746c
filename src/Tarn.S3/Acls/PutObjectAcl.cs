using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Requests;

namespace Tarn.S3.Acls;

/// <summary>PutObjectAcl: sets the canned ACL of a version.</summary>
internal sealed class PutObjectAcl : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        var record = await AclRules.AuthorizeAsync(call, "s3:PutObjectAcl", "s3:PutObjectVersionAcl", cancellationToken);
        var acl = await AclRules.ReadAsync(call, ObjectOwnership.OwnerOf(bucket, record), bucket.Owner, cancellationToken);
        AclRules.Check(bucket, acl);
        var changed = await call.Services.Store.UpdateAsync(
            bucket.Name, record.Key, call.Request.VersionId, r => r with { Headers = r.Headers.SetItem(CannedAcl.Header, acl.Name) },
            cancellationToken: cancellationToken);
        if (call.Request.VersionId is not null)
            call.Response.Headers["x-amz-version-id"] = changed.VersionId;
        call.Respond(StatusCodes.Status200OK);
    }
}
