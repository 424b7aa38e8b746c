using Microsoft.AspNetCore.Http;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>UploadPart: stores the body as a part of an upload.</summary>
internal sealed class UploadPart : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObject", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        // 1. All that can be refused without the body.
        var claims = ChecksumClaims.Read(call.Request.Headers, call.Payload.Mode);
        long? size = UploadSize.Require(call.Request, call.Payload);
        var (number, upload) = await PartUpload.FindAsync(call, cancellationToken);
        if (claims.Algorithm is { } claimed && upload.ChecksumAlgorithm is { } chosen && claimed != chosen)
            throw new S3Exception(S3Error.InvalidRequest, $"Checksum Type mismatch occurred, expected checksum Type: {chosen.Name.ToLowerInvariant()}, actual checksum Type: {claimed.Name.ToLowerInvariant()}");

        // 2. The body, verified while it is written.
        using var write = await call.Services.Store.BeginWriteAsync(call.Request.Bucket, size, new WriteTarget(call.Request.Key, upload.UploadId, number), cancellationToken);
        var received = await ContentTransfer.ReceiveAsync(call.Payload, claims, upload.ChecksumAlgorithm ?? ChecksumAlgorithm.Crc64Nvme, write, cancellationToken);

        // 3. Durable.
        var part = await call.Services.Store.CommitPartAsync(
            write, call.Request.Key, upload.UploadId, new(number, received.ETag, received.Checksums), cancellationToken);
        call.Response.Headers.ETag = ObjectHeaders.Quoted(part.ETag);
        if (claims.Algorithm is not null || upload.ChecksumAlgorithm is not null)
        {
            foreach (var checksum in part.Checksums)
                call.Response.Headers[checksum.Algorithm.Header] = checksum.Value;
        }

        call.Respond(StatusCodes.Status200OK);
    }
}
