using Tarn.S3.Authorization;

namespace Tarn.S3.Acls;

/// <summary>The grants that a canned ACL stands for ("Access control list overview: canned ACL").</summary>
internal static class CannedGrants
{
    private const string Read = "READ", Write = "WRITE", ReadAcp = "READ_ACP", FullControl = "FULL_CONTROL";

    private static readonly string[] s_names =
        ["private", "public-read", "public-read-write", "authenticated-read", "bucket-owner-full-control", "bucket-owner-read", "log-delivery-write"];

    /// <summary>The grants, groups first.</summary>
    /// <param name="name">Name of the canned ACL.</param>
    /// <param name="owner">Canonical id of the owner of the bucket or object.</param>
    /// <param name="bucketOwner">Canonical id of the owner of the bucket.</param>
    public static IReadOnlyList<AclGrant> Of(string name, string owner, string bucketOwner)
    {
        AclGrant all = new(owner, FullControl);
        return name switch
        {
            "public-read" => [new(AclGrant.AllUsers, Read), all],
            "public-read-write" => [new(AclGrant.AllUsers, Read), new(AclGrant.AllUsers, Write), all],
            "authenticated-read" => [new(AclGrant.AuthenticatedUsers, Read), all],
            "bucket-owner-read" when owner != bucketOwner => [all, new(bucketOwner, Read)],
            "bucket-owner-full-control" when owner != bucketOwner => [all, new(bucketOwner, FullControl)],
            "log-delivery-write" => [new(AclGrant.LogDelivery, Write), new(AclGrant.LogDelivery, ReadAcp), all],
            _ => [all],
        };
    }

    /// <summary>The canned ACL with exactly these grants in any order; null when there is none.</summary>
    public static CannedAcl? Find(IReadOnlyCollection<AclGrant> grants, string owner, string bucketOwner)
    {
        var wanted = grants.ToHashSet();
        string? name = Array.Find(s_names, n => wanted.SetEquals(Of(n, owner, bucketOwner)));
        return name is null ? null : CannedAcl.Find(name);
    }
}
