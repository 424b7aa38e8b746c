using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Acls;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Buckets;

/// <summary>CreateBucket. A server of Tarn is one region; the location that a client names is kept and told, so that the client finds what it asked for.</summary>
internal sealed class CreateBucket : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => new("s3:CreateBucket", request.Bucket) { IsOnNewBucket = true };

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        string location = CreateBucketConfiguration.Parse(await call.ReadBodyAsync(cancellationToken));
        var bucket = Configure(call, location);
        try
        {
            await call.Services.Store.CreateBucketAsync(bucket, cancellationToken);
        }
        catch (BucketStoreException e) when (e.Fault == BucketFault.BucketAlreadyExists)
        {
            await AcceptExistingAsync(call, bucket, e, cancellationToken);
        }

        call.Response.Headers.Location = "/" + bucket.Name;
        call.Respond(StatusCodes.Status200OK);
    }

    private static BucketRecord Configure(S3Call call, string location)
    {
        bool isLocked = string.Equals(call.Request.Header("x-amz-bucket-object-lock-enabled"), "true", StringComparison.OrdinalIgnoreCase);
        return new(call.Request.Bucket, call.Services.Time.GetUtcNow())
        {
            Owner = call.CallerId,
            Versioning = isLocked ? BucketVersioning.Enabled : BucketVersioning.Off,
            ObjectLock = isLocked ? new() : null,
            Documents = Documents(call.Request, location),
        };
    }

    private static ImmutableSortedDictionary<string, string> Documents(S3Request request, string location)
    {
        var documents = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (location.Length > 0)
            documents[BucketDocuments.Location] = location;
        var acl = CannedAcl.Requested(request) ?? CannedAcl.Private;
        if (acl.Name != CannedAcl.Private.Name)
            documents[BucketDocuments.Acl] = acl.Name;
        if (request.Header(ObjectOwnership.Header) is not { Length: > 0 } ownership)
            return documents.ToImmutable();
        if (ownership is not (ObjectOwnership.BucketOwnerEnforced or ObjectOwnership.BucketOwnerPreferred or ObjectOwnership.ObjectWriter))
            throw new S3Exception(S3Error.InvalidArgument, $"Invalid x-amz-object-ownership header: {ownership}").With("ArgumentName", ObjectOwnership.Header);
        if (ownership == ObjectOwnership.BucketOwnerEnforced && acl.Name != CannedAcl.Private.Name)
            throw new S3Exception(S3Error.InvalidBucketAclWithObjectOwnership);
        documents[BucketDocuments.OwnershipControls] = Encoding.UTF8.GetString(ObjectOwnership.Write(ownership).ToUtf8());
        return documents.ToImmutable();
    }

    // The first region answers success to who makes a bucket again, and others do not. A second ACL is another wish than the first, and so are locks that it lacks.
    private static async ValueTask AcceptExistingAsync(S3Call call, BucketRecord wanted, BucketStoreException cause, CancellationToken cancellationToken)
    {
        var existing = await call.Services.Store.FindBucketAsync(wanted.Name, cancellationToken);
        bool isOwn = existing is not null && await call.OwnsAsync(existing, cancellationToken);
        if (!isOwn || CannedAcl.Of(existing!).Name != CannedAcl.Of(wanted).Name)
            throw new S3Exception(S3Error.BucketAlreadyExists, null, cause).With("BucketName", wanted.Name);
        if (BucketLocation.ConstraintOf(wanted, call.Services.Options).Length > 0 || (wanted.ObjectLock is not null && existing!.ObjectLock is null))
            throw new S3Exception(S3Error.BucketAlreadyOwnedByYou, null, cause).With("BucketName", wanted.Name);
    }
}
