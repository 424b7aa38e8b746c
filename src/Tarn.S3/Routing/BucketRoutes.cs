using Microsoft.AspNetCore.Http;
using Tarn.S3.Acls;
using Tarn.S3.Authorization;
using Tarn.S3.Buckets;
using Tarn.S3.Cors;
using Tarn.S3.Errors;
using Tarn.S3.Lifecycle;
using Tarn.S3.Locking;
using Tarn.S3.Notifications;
using Tarn.S3.Ownership;
using Tarn.S3.Policies;
using Tarn.S3.Tagging;
using Tarn.S3.Versioning;

namespace Tarn.S3.Routing;

/// <summary>Operations on buckets and their configuration.</summary>
internal static class BucketRoutes
{
    private const string Get = "GET", Put = "PUT", Delete = "DELETE";
    private const string OneClass = "There is one storage class and nothing to report about it.";

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Service("ListBuckets", Get, _ => new ListBuckets()),
        Route.Bucket("CreateBucket", Put, "", _ => new CreateBucket()) with { MakesBucket = true },
        Route.Bucket("HeadBucket", "HEAD", "", _ => new HeadBucket()),
        Route.Bucket("DeleteBucket", Delete, "", _ => new DeleteBucket()),
        Route.Bucket("GetBucketLocation", Get, "location", _ => new GetBucketLocation()),
        Route.Bucket("GetBucketVersioning", Get, "versioning", _ => new GetBucketVersioning()),
        Route.Bucket("PutBucketVersioning", Put, "versioning", _ => new PutBucketVersioning()),
        Route.Bucket("GetBucketPolicy", Get, "policy", _ => new GetBucketPolicy()),
        Route.Bucket("PutBucketPolicy", Put, "policy", _ => new PutBucketPolicy()),
        Route.Bucket("DeleteBucketPolicy", Delete, "policy", _ => new DeleteBucketDocument(BucketDocuments.Policy, "s3:DeleteBucketPolicy")),
        Route.Bucket("GetBucketPolicyStatus", Get, "policyStatus", _ => new GetBucketPolicyStatus()),
        Route.Bucket("GetBucketAcl", Get, "acl", _ => new GetBucketAcl()),
        Route.Bucket("PutBucketAcl", Put, "acl", _ => new PutBucketAcl()),
        Route.Bucket("GetObjectLockConfiguration", Get, "object-lock", _ => new GetObjectLockConfiguration()),
        Route.Bucket("PutObjectLockConfiguration", Put, "object-lock", _ => new PutObjectLockConfiguration()),
        .. Documents, .. Absent, .. Refused("website", "Website", "s3:PutBucketWebsite", "s3:DeleteBucketWebsite"),
        .. Refused("encryption", "Encryption", "s3:PutEncryptionConfiguration", "s3:PutEncryptionConfiguration"),
        .. Refused("replication", "Replication", "s3:PutReplicationConfiguration", "s3:PutReplicationConfiguration"),
        .. Reports("analytics", "Analytics"), .. Reports("inventory", "Inventory"), .. Reports("metrics", "Metrics"), .. Reports("intelligent-tiering", "IntelligentTiering"),
    ];

    // Configuration that is kept and given back.
    private static IEnumerable<Route> Documents =>
    [
        Route.Bucket("GetBucketCors", Get, "cors", _ => new GetBucketDocument(BucketDocuments.Cors, "s3:GetBucketCORS", S3Error.NoSuchCORSConfiguration)),
        Route.Bucket("PutBucketCors", Put, "cors", _ => new PutBucketDocument(BucketDocuments.Cors, "s3:PutBucketCORS", StatusCodes.Status200OK, CorsConfiguration.Validate)),
        Route.Bucket("DeleteBucketCors", Delete, "cors", _ => new DeleteBucketDocument(BucketDocuments.Cors, "s3:PutBucketCORS")),
        Route.Bucket("GetBucketNotificationConfiguration", Get, "notification", _ => new GetBucketDocument(
            BucketDocuments.Notification, "s3:GetBucketNotification", null, NotificationConfiguration.Root)),
        Route.Bucket("PutBucketNotificationConfiguration", Put, "notification", services => new PutBucketDocument(
            BucketDocuments.Notification, "s3:PutBucketNotification", StatusCodes.Status200OK, b => NotificationConfiguration.Validate(b, services.Options.Webhooks))),
        Route.Bucket("GetBucketTagging", Get, "tagging", _ => new GetBucketDocument(BucketDocuments.Tagging, "s3:GetBucketTagging", S3Error.NoSuchTagSet)),
        Route.Bucket("PutBucketTagging", Put, "tagging", _ => new PutBucketDocument(
            BucketDocuments.Tagging, "s3:PutBucketTagging", StatusCodes.Status200OK, b => TagSet.Document(TagSet.Parse(b, TagSet.BucketLimit)))),
        Route.Bucket("DeleteBucketTagging", Delete, "tagging", _ => new DeleteBucketDocument(BucketDocuments.Tagging, "s3:PutBucketTagging")),
        Route.Bucket("GetBucketLifecycleConfiguration", Get, "lifecycle", _ => new GetBucketDocument(
            BucketDocuments.Lifecycle, "s3:GetLifecycleConfiguration", S3Error.NoSuchLifecycleConfiguration)),
        Route.Bucket("PutBucketLifecycleConfiguration", Put, "lifecycle", _ => new PutBucketLifecycleConfiguration()),
        Route.Bucket("DeleteBucketLifecycle", Delete, "lifecycle", _ => new DeleteBucketLifecycle()),
        Route.Bucket("GetPublicAccessBlock", Get, "publicAccessBlock", _ => new GetBucketDocument(
            BucketDocuments.PublicAccessBlock, "s3:GetBucketPublicAccessBlock", S3Error.NoSuchPublicAccessBlockConfiguration)),
        Route.Bucket("PutPublicAccessBlock", Put, "publicAccessBlock", _ => new PutBucketDocument(
            BucketDocuments.PublicAccessBlock, "s3:PutBucketPublicAccessBlock", StatusCodes.Status200OK, b => PublicAccessBlock.Parse(b).Write())),
        Route.Bucket("DeletePublicAccessBlock", Delete, "publicAccessBlock", _ => new DeleteBucketDocument(
            BucketDocuments.PublicAccessBlock, "s3:PutBucketPublicAccessBlock")),
        Route.Bucket("GetBucketOwnershipControls", Get, "ownershipControls", _ => new GetBucketDocument(
            BucketDocuments.OwnershipControls, "s3:GetBucketOwnershipControls", S3Error.OwnershipControlsNotFoundError)),
        Route.Bucket("PutBucketOwnershipControls", Put, "ownershipControls", _ => new PutBucketOwnershipControls()),
        Route.Bucket("DeleteBucketOwnershipControls", Delete, "ownershipControls", _ => new DeleteBucketDocument(
            BucketDocuments.OwnershipControls, "s3:PutBucketOwnershipControls")),
    ];

    // Configuration that no bucket has: reading it answers as AWS does for a bucket without it.
    private static IEnumerable<Route> Absent =>
    [
        Route.Bucket("GetBucketWebsite", Get, "website", _ => new AbsentConfiguration("s3:GetBucketWebsite", S3Error.NoSuchWebsiteConfiguration)),
        Route.Bucket("GetBucketEncryption", Get, "encryption", _ => new AbsentConfiguration(
            "s3:GetEncryptionConfiguration", S3Error.ServerSideEncryptionConfigurationNotFoundError)),
        Route.Bucket("GetBucketReplication", Get, "replication", _ => new AbsentConfiguration(
            "s3:GetReplicationConfiguration", S3Error.ReplicationConfigurationNotFoundError)),
        Route.Bucket("GetBucketLogging", Get, "logging", _ => new FixedConfiguration("s3:GetBucketLogging", "BucketLoggingStatus")),
        Route.Bucket("PutBucketLogging", Put, "logging", _ => new NotImplementedOperation(
            "PutBucketLogging", "s3:PutBucketLogging", "Every request is in the server's audit trail.")),
        Route.Bucket("GetBucketAccelerateConfiguration", Get, "accelerate", _ => new FixedConfiguration("s3:GetAccelerateConfiguration", "AccelerateConfiguration")),
        Route.Bucket("PutBucketAccelerateConfiguration", Put, "accelerate", _ => new NotImplementedOperation(
            "PutBucketAccelerateConfiguration", "s3:PutAccelerateConfiguration", "There are no edge locations.")),
        Route.Bucket("GetBucketRequestPayment", Get, "requestPayment", _ => new FixedConfiguration(
            "s3:GetBucketRequestPayment", "RequestPaymentConfiguration", x => x.Element("Payer", "BucketOwner"))),
        Route.Bucket("PutBucketRequestPayment", Put, "requestPayment", _ => new NotImplementedOperation(
            "PutBucketRequestPayment", "s3:PutBucketRequestPayment", "Requests cost nothing.")),
    ];

    private static IEnumerable<Route> Refused(string subResource, string name, string putAction, string deleteAction) =>
    [
        Route.Bucket($"PutBucket{name}", Put, subResource, _ => new NotImplementedOperation($"PutBucket{name}", putAction, "No bucket has this configuration.")),
        Route.Bucket($"DeleteBucket{name}", Delete, subResource, _ => new NotImplementedOperation($"DeleteBucket{name}", deleteAction, "No bucket has this configuration.")),
    ];

    // One sub-resource reads one configuration by its id, or lists them; there are none.
    private static IEnumerable<Route> Reports(string subResource, string name)
    {
        string put = $"s3:Put{name}Configuration", get = $"s3:Get{name}Configuration";
        return
        [
            Route.Bucket($"GetBucket{name}Configuration", Get, subResource, _ => new AbsentConfiguration(get, S3Error.NoSuchConfiguration)) with { When = r => r.Query.Has("id") },
            Route.Bucket($"ListBucket{name}Configurations", Get, subResource, _ => new FixedConfiguration(
                get, name == "IntelligentTiering" ? "ListBucketIntelligentTieringConfigurationsOutput" : $"List{name}ConfigurationsResult", x => x.Element("IsTruncated", false))),
            Route.Bucket($"PutBucket{name}Configuration", Put, subResource, _ => new NotImplementedOperation($"PutBucket{name}Configuration", put, OneClass)),
            Route.Bucket($"DeleteBucket{name}Configuration", Delete, subResource, _ => new NotImplementedOperation($"DeleteBucket{name}Configuration", put, OneClass)),
        ];
    }
}
