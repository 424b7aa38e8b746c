using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>What GET and HEAD of an object have in common: finding the version, deciding, checking conditions.</summary>
internal static class ObjectReading
{
    /// <summary>
    /// Decides about a version that was found or not, checks the conditions, and writes the head of the answer. A caller who may not list a bucket
    /// does not learn which keys it lacks.
    /// </summary>
    /// <exception cref="S3Exception">AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker, NotModified, PreconditionFailed, InvalidRange.</exception>
    public static async ValueTask<ObjectSlice> BeginAsync(S3Call call, BucketRecord bucket, ObjectRecord? record, CancellationToken cancellationToken)
    {
        var request = call.Request;
        var permission = S3Permission.OnVersion("s3:GetObject", "s3:GetObjectVersion", request);
        if (record is null || record.IsDeleteMarker)
        {
            var listing = S3Permission.OnBucket("s3:ListBucket", request) with { Prefix = request.Key, AskedFor = (permission.Action, permission.Resource) };
            await call.AuthorizeAsync(listing, cancellationToken: cancellationToken);
            throw Missing(request, record);
        }

        await call.AuthorizeAsync(permission, CannedAcl.Of(bucket, record), record.Tags, record.Owner, cancellationToken);
        ObjectHeaders.WriteValidators(call, bucket, record);
        ReadConditions.Check(request, record);
        var slice = ObjectSlice.Read(request, record);
        if (ObjectHeaders.WantsChecksums(request, record, slice) && record.Checksums.IsEmpty)
            record = record with { Checksums = await call.Services.Store.ReadChecksumsAsync(bucket.Name, record, cancellationToken) };
        ObjectHeaders.Write(call, record, slice);
        ObjectHeaders.WriteExpiration(call, bucket, record);
        return slice;
    }

    private static S3Exception Missing(S3Request request, ObjectRecord? marker)
    {
        if (marker is null)
        {
            return request.VersionId is { } version
                ? new S3Exception(S3Error.NoSuchVersion).With("Key", request.Key).With("VersionId", version)
                : new S3Exception(S3Error.NoSuchKey).With("Key", request.Key).WithHeader("x-amz-delete-marker", "false");
        }

        var failure = request.VersionId is null
            ? new S3Exception(S3Error.NoSuchKey).With("Key", request.Key)
            : new S3Exception(S3Error.MethodNotAllowed).With("Method", request.Method).With("ResourceType", "DeleteMarker")
                .WithHeader("Allow", "DELETE").WithHeader("Last-Modified", ObjectHeaders.Time(marker.LastModified));
        return failure.WithHeader("x-amz-delete-marker", "true").WithHeader("x-amz-version-id", marker.VersionId);
    }
}
