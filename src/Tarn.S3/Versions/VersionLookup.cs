using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Versions;

/// <summary>Finds the version that a request names.</summary>
internal static class VersionLookup
{
    /// <summary>The version that the request names, or the newest.</summary>
    /// <exception cref="S3Exception">NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker that was named.</exception>
    public static async ValueTask<ObjectRecord> VersionAsync(this S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        var record = await call.Services.Store.HeadAsync(request.Bucket, request.Key, request.VersionId, cancellationToken);
        if (record is null)
        {
            throw request.VersionId is { } version
                ? new S3Exception(S3Error.NoSuchVersion).With("Key", request.Key).With("VersionId", version)
                : new S3Exception(S3Error.NoSuchKey).With("Key", request.Key);
        }

        if (!record.IsDeleteMarker)
            return record;
        var failure = request.VersionId is null ? new S3Exception(S3Error.NoSuchKey).With("Key", request.Key)
            : new S3Exception(S3Error.MethodNotAllowed).With("Method", request.Method).With("ResourceType", "DeleteMarker").WithHeader("Allow", "DELETE");
        throw failure.WithHeader("x-amz-delete-marker", "true").WithHeader("x-amz-version-id", record.VersionId);
    }
}
