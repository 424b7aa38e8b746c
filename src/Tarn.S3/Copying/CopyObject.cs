using System.Collections.Immutable;
using Tarn.S3.Authorization;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Hosting;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Copying;

/// <summary>CopyObject: makes an object of another one's bytes, inside the store.</summary>
internal sealed class CopyObject(S3Services services) : IS3Operation
{
    private const int HexMd5Length = 32;

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnObject("s3:PutObject", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        await NewObjectRights.RequireAsync(call, request.Headers, request.Key, cancellationToken);
        var named = CopySource.Read(request);
        var bucket = await call.BucketAsync(cancellationToken);
        var acl = CannedAcl.Requested(request);
        var asked = NewObject.Read(request.Key, request.Headers, bucket, acl, ObjectOwnership.OwnerOf(bucket, call.CallerId, acl), services.Time.GetUtcNow());
        asked = asked with { Condition = await Replacing.LimitAsync(call, asked, cancellationToken) };
        using var reader = await CopyReading.OpenAsync(call, named, cancellationToken);
        var source = reader.Record;
        if (source.SizeBytes > S3Limits.BodySizeBytes)
            throw new S3Exception(S3Error.InvalidRequest, "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
        var commit = CopyDirectives.Apply(request, asked, source, named);
        var algorithm = CopyDirectives.Algorithm(request);

        if (named.VersionId is not null || source.VersionId != ObjectRecord.NullVersionId)
            call.Response.Headers["x-amz-copy-source-version-id"] = source.VersionId;
        var copying = CopyAsync(call, reader, commit, algorithm, cancellationToken);
        await SlowAnswer.RespondAsync(call, copying, stored => Result(call, bucket, stored), cancellationToken);
    }

    private async Task<ObjectRecord> CopyAsync(S3Call call, ObjectReader reader, ObjectCommit commit, ChecksumAlgorithm? algorithm, CancellationToken cancellationToken)
    {
        var source = reader.Record;
        using var write = await services.Store.BeginWriteAsync(call.Request.Bucket, source.SizeBytes, new WriteTarget(commit.Key), cancellationToken);
        await write.CopyAsync(reader, 0, source.SizeBytes, cancellationToken);
        var content = Known(source, algorithm)
            ?? await Task.Run(() => CopyDigests.Compute(reader, new(0, source.SizeBytes), algorithm ?? DefaultAlgorithm(source), cancellationToken), cancellationToken);
        commit = await Replacing.ConfirmAsync(call, commit, cancellationToken);
        return await services.Store.CommitAsync(write, commit with { ETag = content.ETag, Checksums = content.Checksums }, cancellationToken);
    }

    // What was put in one piece has an MD5 and a checksum over all bytes; they hold for the copy.
    private static ReceivedContent? Known(ObjectRecord source, ChecksumAlgorithm? algorithm)
    {
        if (source.ETag.Length != HexMd5Length)
            return null;
        ImmutableArray<ObjectChecksum> whole = [.. source.Checksums.Where(c => !c.IsComposite && (algorithm is null || c.Algorithm == algorithm))];
        return whole.IsEmpty ? null : new(source.ETag, whole);
    }

    private static ChecksumAlgorithm DefaultAlgorithm(ObjectRecord source) => source.Checksums.IsEmpty ? ChecksumAlgorithm.Crc64Nvme : source.Checksums[0].Algorithm;

    private static XmlAnswer Result(S3Call call, BucketRecord bucket, ObjectRecord record)
    {
        if (!call.Response.HasStarted)
        {
            if (bucket.Versioning != BucketVersioning.Off)
                call.Response.Headers["x-amz-version-id"] = record.VersionId;
            ObjectHeaders.WriteExpiration(call, bucket, record);
        }

        var xml = new XmlAnswer().Root("CopyObjectResult").Element("LastModified", record.LastModified).Element("ETag", ObjectHeaders.Quoted(record.ETag));
        foreach (var checksum in record.Checksums)
            xml.Element("ChecksumType", checksum.IsComposite ? "COMPOSITE" : "FULL_OBJECT").Element(checksum.Algorithm.Element, checksum.Value);
        return xml.Close();
    }
}
