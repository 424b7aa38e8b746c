using Tarn.S3.Acls;
using Tarn.S3.Buckets;
using Tarn.S3.Errors;
using Tarn.S3.Locking;
using Tarn.S3.Objects;
using Tarn.S3.Tagging;

namespace Tarn.S3.Routing;

/// <summary>Operations on what belongs to an object beside its bytes.</summary>
internal static class ObjectPropertyRoutes
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Object("GetObjectAttributes", "GET", "attributes", _ => new GetObjectAttributes()),
        Route.Object("GetObjectTagging", "GET", "tagging", _ => new GetObjectTagging()),
        Route.Object("PutObjectTagging", "PUT", "tagging", _ => new PutObjectTagging()),
        Route.Object("DeleteObjectTagging", "DELETE", "tagging", _ => new DeleteObjectTagging()),
        Route.Object("GetObjectAcl", "GET", "acl", _ => new GetObjectAcl()),
        Route.Object("PutObjectAcl", "PUT", "acl", _ => new PutObjectAcl()),
        Route.Object("GetObjectRetention", "GET", "retention", _ => new GetObjectRetention()),
        Route.Object("PutObjectRetention", "PUT", "retention", _ => new PutObjectRetention()),
        Route.Object("GetObjectLegalHold", "GET", "legal-hold", _ => new GetObjectLegalHold()),
        Route.Object("PutObjectLegalHold", "PUT", "legal-hold", _ => new PutObjectLegalHold()),
        Route.Object("RestoreObject", "POST", "restore", _ => new RestoreObject()),
        Route.Object("SelectObjectContent", "POST", "select", _ => new NotImplementedOperation(
            "SelectObjectContent", "s3:GetObject", "Query the table with SQL instead.")),
        Route.Object("GetObjectTorrent", "GET", "torrent", _ => new AbsentConfiguration("s3:GetObjectTorrent", S3Error.NoSuchKey)),
    ];
}
