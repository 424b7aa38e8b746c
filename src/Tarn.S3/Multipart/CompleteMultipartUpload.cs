using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Hosting;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>CompleteMultipartUpload: makes an object of the parts that the body names. Repeating it gives the same answer.</summary>
internal sealed class CompleteMultipartUpload : IS3Operation
{
    // 10,000 parts with the longest checksum and escapes around the entity tag.
    private const int MaximumBodyBytes = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObject", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        var bucket = await call.BucketAsync(cancellationToken);
        string uploadId = request.Query["uploadId"] ?? "";
        var claims = CompletionClaims.Read(request);
        var asked = NewObject.Condition(request.Headers);
        var parts = CompletedMultipartUpload.Parse(await ContentTransfer.ReadAllAsync(call.Payload, ChecksumClaims.None, MaximumBodyBytes, cancellationToken));
        var upload = await FindAsync(call, uploadId, cancellationToken);
        var completion = new UploadCompletion(parts)
        {
            Condition = await ConditionAsync(call, isRepeated: upload is null, asked, cancellationToken),
            Checksums = p => claims.Verify(upload ?? throw new S3Exception(S3Error.NoSuchUpload), p),
        };
        var completing = call.Services.Store.CompleteUploadAsync(bucket.Name, request.Key, uploadId, completion, cancellationToken).AsTask();
        await SlowAnswer.RespondAsync(
            call,
            completing,
            record =>
            {
                WriteHeaders(call, bucket, record);
                return Result(call, record);
            },
            cancellationToken);
    }

    // What was completed before has replaced what it was to replace.
    private static async ValueTask<WriteCondition?> ConditionAsync(S3Call call, bool isRepeated, WriteCondition? asked, CancellationToken cancellationToken)
    {
        if (!isRepeated)
            return await Replacing.ConfirmAsync(call, call.Request.Key, asked, cancellationToken);
        await Replacing.RequireStillGrantedAsync(call, call.Request.Key, cancellationToken);
        return asked;
    }

    private static void WriteHeaders(S3Call call, BucketRecord bucket, ObjectRecord record)
    {
        if (call.Response.HasStarted)
            return;
        if (bucket.Versioning == BucketVersioning.Enabled)
            call.Response.Headers["x-amz-version-id"] = record.VersionId;
        ObjectHeaders.WriteExpiration(call, bucket, record);
    }

    // The upload of a completion that is repeated is gone; the store knows what became of it.
    private static async ValueTask<UploadRecord?> FindAsync(S3Call call, string uploadId, CancellationToken cancellationToken)
    {
        try
        {
            return (await call.Services.Store.ListPartsAsync(call.Request.Bucket, call.Request.Key, uploadId, 0, 1, cancellationToken)).Upload;
        }
        catch (BucketStoreException e) when (e.Fault == BucketFault.NoSuchUpload)
        {
            return null;
        }
    }

    private static XmlAnswer Result(S3Call call, ObjectRecord record)
    {
        var http = call.Request.Http.Request;
        var xml = new XmlAnswer().Root("CompleteMultipartUploadResult");
        xml.Element("Location", $"{http.Scheme}://{http.Host}{call.Request.Target.RawPath}").Element("Bucket", call.Request.Bucket).Element("Key", record.Key);
        xml.Element("ETag", ObjectHeaders.Quoted(record.ETag));
        foreach (var checksum in record.Checksums)
            xml.Element(checksum.Algorithm.Element, checksum.Value);
        if (!record.Checksums.IsEmpty)
            xml.Element("ChecksumType", UploadChecksum.TypeName(record.Checksums[0].IsComposite));
        return xml.Close();
    }
}
