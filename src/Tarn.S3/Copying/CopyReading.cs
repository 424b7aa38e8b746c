using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Copying;

/// <summary>Opens the source of a copy for the caller.</summary>
internal static class CopyReading
{
    /// <summary>Decides, checks the conditions, and opens the bytes.</summary>
    /// <exception cref="S3Exception">AccessDenied, NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed; InvalidRequest for a delete marker that was named.</exception>
    public static async ValueTask<ObjectReader> OpenAsync(S3Call call, CopySource source, CancellationToken cancellationToken)
    {
        var store = call.Services.Store;
        var bucket = await store.FindBucketAsync(source.Bucket, cancellationToken) ?? throw new S3Exception(S3Error.NoSuchBucket).With("BucketName", source.Bucket);
        await ExpectedBucketOwner.CheckAsync(call, ExpectedBucketOwner.SourceHeader, bucket, cancellationToken);
        var permission = new S3Permission(source.VersionId is null ? "s3:GetObject" : "s3:GetObjectVersion", source.Bucket, source.Key);
        var reader = await store.OpenAsync(source.Bucket, source.Key, source.VersionId, cancellationToken);
        try
        {
            var record = reader?.Record;
            await call.AuthorizeAsync(permission, record is null ? null : CannedAcl.Of(bucket, record), record?.Tags, record?.Owner, cancellationToken);
            if (reader is null || record is null)
                throw Missing(source);
            if (record.IsDeleteMarker)
            {
                throw source.VersionId is null ? Missing(source)
                    : new S3Exception(S3Error.InvalidRequest, "The source of a copy request may not specifically refer to a delete marker by version id.");
            }

            CopyConditions.Check(call.Request, record);
            return reader;
        }
        catch
        {
            reader?.Dispose();
            throw;
        }
    }

    private static S3Exception Missing(CopySource source)
        => source.VersionId is { } version ? new S3Exception(S3Error.NoSuchVersion).With("Key", source.Key).With("VersionId", version)
            : new S3Exception(S3Error.NoSuchKey).With("Key", source.Key);
}
