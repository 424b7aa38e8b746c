using Tarn.S3.Operations;
using Tarn.S3.Versions;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tagging;

/// <summary>The version whose tags are read or changed.</summary>
internal static class TaggedVersion
{
    /// <summary>Finds it and asks for the decision, which may depend on its tags.</summary>
    /// <exception cref="Errors.S3Exception">AccessDenied, also when the caller may not know that there is no such version; NoSuchKey, NoSuchVersion.</exception>
    public static async ValueTask<ObjectRecord> AuthorizeAsync(S3Call call, string action, string versionAction, CancellationToken cancellationToken)
    {
        await call.BucketAsync(cancellationToken);
        var permission = S3Permission.OnVersion(action, versionAction, call.Request);
        var found = await call.Services.Store.HeadAsync(call.Request.Bucket, call.Request.Key, call.Request.VersionId, cancellationToken);
        await call.AuthorizeAsync(permission, tags: found?.Tags, cancellationToken: cancellationToken);
        return found is { IsDeleteMarker: false } ? found : await call.VersionAsync(cancellationToken);
    }

    /// <summary>Names the version in the answer, where versioning was ever enabled.</summary>
    public static void Show(S3Call call, ObjectRecord record)
    {
        if (call.Request.VersionId is not null || record.VersionId != ObjectRecord.NullVersionId)
            call.Response.Headers["x-amz-version-id"] = record.VersionId;
    }
}
