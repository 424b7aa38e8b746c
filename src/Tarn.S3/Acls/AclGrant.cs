namespace Tarn.S3.Acls;

/// <summary>One grant of an access control list.</summary>
/// <param name="Grantee">Canonical id of an identity, or the URI of a group.</param>
/// <param name="Permission">READ, WRITE, READ_ACP, WRITE_ACP or FULL_CONTROL.</param>
internal readonly record struct AclGrant(string Grantee, string Permission)
{
    /// <summary>Everybody, also who is not authenticated.</summary>
    public const string AllUsers = "http://acs.amazonaws.com/groups/global/AllUsers";

    /// <summary>Everybody who is authenticated.</summary>
    public const string AuthenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

    /// <summary>The service that delivers access logs.</summary>
    public const string LogDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";

    /// <summary>Whether the grantee is a group.</summary>
    public bool IsOfGroup => Grantee.StartsWith("http://", StringComparison.Ordinal);
}
