using Tarn.Core.Errors;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Locking;
using Tarn.S3.Operations;
using Tarn.S3.Payloads;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>
/// DeleteObjects: up to 1,000 keys or versions. Each is decided and answered by itself; what is not there counts as deleted, also a "folder" whose name
/// only occurs as the beginning of other keys.
/// </summary>
internal sealed class DeleteObjects : IS3Operation
{
    // Deletions wait for the disk; several wait together.
    private const int Parallelism = 16;

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        await call.BucketAsync(cancellationToken);
        RequireDigest(call);
        var request = DeleteRequest.Parse(await call.ReadBodyAsync(cancellationToken));
        var results = new (DeleteOutcome? Outcome, S3Exception? Failure)[request.Entries.Length];
        // Entries of one key take effect in the order given.
        var byKey = Enumerable.Range(0, results.Length).GroupBy(i => request.Entries[i].Key, StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            byKey,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (indexes, stop) =>
            {
                foreach (int i in indexes)
                    results[i] = await DeleteAsync(call, request.Entries[i], stop);
            });

        var xml = new XmlAnswer().Root("DeleteResult");
        for (int i = 0; i < results.Length; i++)
            Write(xml, request.Entries[i], results[i].Outcome, results[i].Failure, request.IsQuiet);
        await call.RespondAsync(xml.Close(), cancellationToken);
    }

    private static void RequireDigest(S3Call call)
    {
        var claims = ChecksumClaims.Read(call.Request.Headers, call.Payload.Mode);
        if (claims.Md5 is null && claims.Algorithm is null && call.Payload.Mode == PayloadMode.Unsigned)
            throw new S3Exception(S3Error.InvalidRequest, "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
    }

    private static async ValueTask<(DeleteOutcome?, S3Exception?)> DeleteAsync(S3Call call, DeleteRequestEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            string action = entry.VersionId is null ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
            await call.AuthorizeAsync(new(action, call.Request.Bucket, entry.Key), cancellationToken: cancellationToken);
            var delete = new ObjectDelete
            {
                VersionId = entry.VersionId,
                Owner = call.CallerId,
                BypassesGovernance = await call.BypassesGovernanceAsync(entry.Key, cancellationToken),
                Condition = entry.Condition,
            };
            return (await call.Services.Store.DeleteAsync(call.Request.Bucket, entry.Key, delete, cancellationToken), null);
        }
        catch (TarnException e)
        {
            return (null, S3ErrorMapping.Translate(e));
        }
    }

    private static void Write(XmlAnswer xml, DeleteRequestEntry entry, DeleteOutcome? outcome, S3Exception? failure, bool isQuiet)
    {
        if (failure is not null)
        {
            xml.Open("Error").Element("Key", entry.Key).Optional("VersionId", entry.VersionId);
            xml.Element("Code", failure.Error.Code).Element("Message", failure.Message).Close();
        }
        else if (!isQuiet)
        {
            xml.Open("Deleted").Element("Key", entry.Key).Optional("VersionId", entry.VersionId);
            if (outcome is { IsDeleteMarker: true })
                xml.Element("DeleteMarker", true).Element("DeleteMarkerVersionId", outcome.VersionId ?? ObjectRecord.NullVersionId);
            xml.Close();
        }
    }
}
