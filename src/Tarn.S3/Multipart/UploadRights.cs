using Tarn.S3.Operations;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>Who began an upload may see to it, also in the bucket of another account ("Multipart upload API and permissions").</summary>
internal static class UploadRights
{
    /// <summary>Asks for a decision about an upload. What does not exist is told only to those who may.</summary>
    /// <exception cref="Errors.S3Exception">AccessDenied.</exception>
    public static async ValueTask RequireAsync(S3Call call, string action, string uploadId, CancellationToken cancellationToken)
        => await call.AuthorizeAsync(
            S3Permission.OnObject(action, call.Request), objectOwner: await FindOwnerAsync(call, uploadId, cancellationToken), cancellationToken: cancellationToken);

    private static async ValueTask<string?> FindOwnerAsync(S3Call call, string uploadId, CancellationToken cancellationToken)
    {
        try
        {
            return (await call.Services.Store.ListPartsAsync(call.Request.Bucket, call.Request.Key, uploadId, 0, 1, cancellationToken)).Upload.Commit.Owner;
        }
        catch (BucketStoreException e) when (e.Fault == BucketFault.NoSuchUpload)
        {
            return null;
        }
    }
}
