using Tarn.Access;
using Tarn.S3.Authorization;
using Tarn.S3.Operations;

namespace Tarn.S3.Acls;

/// <summary>Answers with the grants that a canned ACL stands for.</summary>
internal static class AclAnswer
{
    /// <summary>Answers.</summary>
    public static async ValueTask RespondAsync(S3Call call, string owner, string bucketOwner, CannedAcl acl, CancellationToken cancellationToken)
    {
        var shown = await call.OwnerAsync(owner, cancellationToken);
        var names = new Dictionary<string, string> { [shown.CanonicalId] = shown.DisplayName };
        if (owner != bucketOwner)
            names[bucketOwner] = (await call.OwnerAsync(bucketOwner, cancellationToken)).DisplayName;
        await call.RespondAsync(AccessControlPolicy.Write(shown, CannedGrants.Of(acl.Name, shown.CanonicalId, bucketOwner), names), cancellationToken);
    }

    /// <summary>The identity behind a canonical id; its id alone when it is gone.</summary>
    public static async ValueTask<AccessOwner> OwnerAsync(this S3Call call, string canonicalId, CancellationToken cancellationToken)
        => await call.Services.Access.FindOwnerAsync(canonicalId, cancellationToken) ?? new(canonicalId, "", "", "");
}
