using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Versions;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Acls;

/// <summary>What a bucket says about ACLs, and the ACL that a request names by header or body.</summary>
internal static class AclRules
{
    /// <summary>Refuses an ACL that the bucket does not take: any but the owner's where ACLs are disabled, a public one where those are blocked.</summary>
    /// <exception cref="S3Exception">AccessControlListNotSupported or AccessDenied.</exception>
    public static void Check(BucketRecord bucket, CannedAcl acl)
    {
        if (ObjectOwnership.DisablesAcls(bucket) && acl.Name != "bucket-owner-full-control")
            throw new S3Exception(S3Error.AccessControlListNotSupported);
        if (acl.IsPublic && PublicAccessBlock.Of(bucket).BlocksPublicAcls)
            throw new S3Exception(S3Error.AccessDenied, "Public ACLs are blocked by the bucket's public access block (BlockPublicAcls).");
    }

    /// <summary>The version whose ACL is read or set, when the caller may: who stored it may always.</summary>
    public static async ValueTask<ObjectRecord> AuthorizeAsync(S3Call call, string action, string versionAction, CancellationToken cancellationToken)
    {
        var found = await call.Services.Store.HeadAsync(call.Request.Bucket, call.Request.Key, call.Request.VersionId, cancellationToken);
        await call.AuthorizeAsync(
            S3Permission.OnVersion(action, versionAction, call.Request), tags: found?.Tags, objectOwner: found?.Owner, cancellationToken: cancellationToken);
        return found is { IsDeleteMarker: false } ? found : await call.VersionAsync(cancellationToken);
    }

    /// <summary>The ACL of PutBucketAcl and PutObjectAcl, from header or body.</summary>
    /// <param name="call">The request.</param>
    /// <param name="owner">Canonical id of the owner of the bucket or object.</param>
    /// <param name="bucketOwner">Canonical id of the owner of the bucket.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="S3Exception">InvalidArgument for a grantee who does not exist, NotImplemented for grants that no canned ACL stands for.</exception>
    public static async ValueTask<CannedAcl> ReadAsync(S3Call call, string owner, string bucketOwner, CancellationToken cancellationToken)
    {
        var requested = CannedAcl.Requested(call.Request);
        byte[] body = await call.ReadBodyAsync(cancellationToken);
        if (requested is not null)
            return body.Length == 0 ? requested : throw new S3Exception(S3Error.UnexpectedContent, "This request has both a canned ACL and a document.");
        if (body.Length == 0)
            throw new S3Exception(S3Error.MissingSecurityHeader, "Your request was missing a required header").With("MissingHeaderName", CannedAcl.Header);
        var policy = AccessControlPolicy.Parse(body);
        if (policy.Owner.Length > 0 && policy.Owner != owner)
            throw new S3Exception(S3Error.AccessDenied, "The owner of a bucket or object cannot be changed by its ACL.");
        foreach (var grant in policy.Grants.Where(g => !g.IsOfGroup))
        {
            if (await call.Services.Access.FindOwnerAsync(grant.Grantee, cancellationToken) is null)
                throw new S3Exception(S3Error.InvalidArgument, "Invalid id").With("ArgumentName", "CanonicalUser/ID").With("ArgumentValue", grant.Grantee);
        }

        return CannedGrants.Find(policy.Grants, owner, bucketOwner)
            ?? throw new S3Exception(S3Error.NotImplemented, "Grants other than those of a canned ACL are not implemented; use a canned ACL or a bucket policy.");
    }
}
