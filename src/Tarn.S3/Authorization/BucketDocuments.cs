namespace Tarn.S3.Authorization;

/// <summary>Names of the documents that the door keeps with a bucket.</summary>
internal static class BucketDocuments
{
    /// <summary>Bucket policy, JSON as given.</summary>
    public const string Policy = "policy";

    /// <summary>Name of the canned ACL.</summary>
    public const string Acl = "acl";

    /// <summary>Public access block, XML as given.</summary>
    public const string PublicAccessBlock = "public-access-block";

    /// <summary>CORS configuration, XML as given.</summary>
    public const string Cors = "cors";

    /// <summary>Tags, XML as given.</summary>
    public const string Tagging = "tagging";

    /// <summary>Notification configuration, XML as given.</summary>
    public const string Notification = "notification";

    /// <summary>Ownership controls, XML as given.</summary>
    public const string OwnershipControls = "ownership-controls";

    /// <summary>Lifecycle configuration, XML, which tells more than the rules: in which form they came.</summary>
    public const string Lifecycle = "lifecycle";

    /// <summary>The location constraint that the bucket was created with.</summary>
    public const string Location = "location";
}
