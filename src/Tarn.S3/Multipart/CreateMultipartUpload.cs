using Tarn.S3.Authorization;
using Tarn.S3.Checksums;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>CreateMultipartUpload: begins an upload; everything about the object but its bytes is said here.</summary>
internal sealed class CreateMultipartUpload : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObject", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        await NewObjectRights.RequireAsync(call, request.Headers, request.Key, cancellationToken);
        var bucket = await call.BucketAsync(cancellationToken);
        var acl = CannedAcl.Requested(request);
        string owner = ObjectOwnership.OwnerOf(bucket, call.CallerId, acl);
        var commit = NewObject.Read(request.Key, request.Headers, bucket, acl, owner, call.Services.Time.GetUtcNow()) with { Condition = null };
        var (algorithm, isComposite) = UploadChecksum.Read(request);
        var upload = await call.Services.Store.CreateUploadAsync(
            bucket.Name, new UploadRecord("", default, commit) { ChecksumAlgorithm = algorithm, IsChecksumComposite = isComposite }, cancellationToken);

        if (algorithm is { } chosen)
        {
            call.Response.Headers["x-amz-checksum-algorithm"] = chosen.Name;
            call.Response.Headers["x-amz-checksum-type"] = UploadChecksum.TypeName(isComposite);
        }

        var xml = new XmlAnswer().Root("InitiateMultipartUploadResult").Element("Bucket", bucket.Name).Element("Key", request.Key);
        await call.RespondAsync(xml.Element("UploadId", upload.UploadId).Close(), cancellationToken);
    }
}
