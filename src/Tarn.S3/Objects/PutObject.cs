using Microsoft.AspNetCore.Http;
using Tarn.S3.Authorization;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>PutObject: stores the body as the newest version of a key.</summary>
internal sealed class PutObject(S3Services services) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObject", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        // 1. All that can be refused without the body.
        var request = call.Request;
        await NewObjectRights.RequireAsync(call, request.Headers, request.Key, cancellationToken);
        var bucket = await call.BucketAsync(cancellationToken);
        var acl = CannedAcl.Requested(request);
        var commit = NewObject.Read(request.Key, request.Headers, bucket, acl, ObjectOwnership.OwnerOf(bucket, call.CallerId, acl), services.Time.GetUtcNow());
        commit = commit with { Condition = await Replacing.LimitAsync(call, commit, cancellationToken) };
        var claims = ChecksumClaims.Read(request.Headers, call.Payload.Mode);
        long? size = UploadSize.Require(call.Request, call.Payload);
        await RefuseEarlyAsync(bucket.Name, commit, cancellationToken);

        // 2. The body, verified while it is written.
        using var write = await services.Store.BeginWriteAsync(bucket.Name, size, new WriteTarget(commit.Key), cancellationToken);
        var received = await ContentTransfer.ReceiveAsync(call.Payload, claims, ChecksumAlgorithm.Crc64Nvme, write, cancellationToken);

        // 3. Durable and visible, if that is still open to who sent it.
        commit = await Replacing.ConfirmAsync(call, commit, cancellationToken);
        var record = await services.Store.CommitAsync(write, commit with { ETag = received.ETag, Checksums = received.Checksums }, cancellationToken);
        StoredAnswer.WriteHeaders(call, bucket, record);
        call.Respond(StatusCodes.Status200OK);
    }

    // The commit checks again, as one step with the change.
    private async ValueTask RefuseEarlyAsync(string bucket, ObjectCommit commit, CancellationToken cancellationToken)
    {
        if (commit.Condition is { MustBeAbsent: true } && await services.Store.HeadAsync(bucket, commit.Key, null, cancellationToken) is { IsDeleteMarker: false })
            throw new S3Exception(S3Error.PreconditionFailed).With("Condition", "If-None-Match");
    }
}
