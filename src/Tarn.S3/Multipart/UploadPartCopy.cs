using Tarn.S3.Checksums;
using Tarn.S3.Copying;
using Tarn.S3.Errors;
using Tarn.S3.Hosting;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>UploadPartCopy: stores a range of another object as a part of an upload.</summary>
internal sealed class UploadPartCopy : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObject", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var source = CopySource.Read(call.Request);
        var part = await PartUpload.FindAsync(call, cancellationToken);
        using var reader = await CopyReading.OpenAsync(call, source, cancellationToken);
        var range = CopySourceRange.Read(call.Request, reader.Record.SizeBytes);
        if (range.Length > S3Limits.BodySizeBytes)
            throw new S3Exception(S3Error.InvalidRequest, "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
        if (source.VersionId is not null || reader.Record.VersionId != ObjectRecord.NullVersionId)
            call.Response.Headers["x-amz-copy-source-version-id"] = reader.Record.VersionId;
        await SlowAnswer.RespondAsync(call, CopyAsync(call, part, reader, range, cancellationToken), stored => Result(stored, part.Upload), cancellationToken);
    }

    private static async Task<Tarn.Storage.Buckets.UploadPart> CopyAsync(
        S3Call call, PartUpload part, ObjectReader reader, ByteRange range, CancellationToken cancellationToken)
    {
        using var write = await call.Services.Store.BeginWriteAsync(call.Request.Bucket, range.Length, new WriteTarget(call.Request.Key, part.Upload.UploadId, part.Number), cancellationToken);
        await write.CopyAsync(reader, range.Offset, range.Length, cancellationToken);
        var algorithm = part.Upload.ChecksumAlgorithm ?? ChecksumAlgorithm.Crc64Nvme;
        var content = await Task.Run(() => CopyDigests.Compute(reader, range, algorithm, cancellationToken), cancellationToken);
        var reference = new PartReference(part.Number, content.ETag, content.Checksums);
        return await call.Services.Store.CommitPartAsync(write, call.Request.Key, part.Upload.UploadId, reference, cancellationToken);
    }

    private static XmlAnswer Result(Tarn.Storage.Buckets.UploadPart part, UploadRecord upload)
    {
        var xml = new XmlAnswer().Root("CopyPartResult").Element("LastModified", part.LastModified).Element("ETag", ObjectHeaders.Quoted(part.ETag));
        foreach (var checksum in part.Checksums.Where(c => c.Algorithm == upload.ChecksumAlgorithm))
            xml.Element(checksum.Algorithm.Element, checksum.Value);
        return xml.Close();
    }
}
