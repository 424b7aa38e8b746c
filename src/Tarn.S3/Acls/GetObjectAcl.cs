using Tarn.S3.Authorization;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Requests;

namespace Tarn.S3.Acls;

/// <summary>GetObjectAcl: owner and grants of a version.</summary>
internal sealed class GetObjectAcl : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        var record = await AclRules.AuthorizeAsync(call, "s3:GetObjectAcl", "s3:GetObjectVersionAcl", cancellationToken);
        await AclAnswer.RespondAsync(call, ObjectOwnership.OwnerOf(bucket, record), bucket.Owner, CannedAcl.Of(bucket, record), cancellationToken);
    }
}
