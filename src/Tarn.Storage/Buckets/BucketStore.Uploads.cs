using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<UploadRecord> CreateUploadAsync(string bucket, UploadRecord upload, CancellationToken cancellationToken = default)
    {
        byte[] key = ObjectKeys.Require(upload.Commit.Key);
        ObjectRules.RequireSize(upload.Commit);
        using var use = Enter(bucket);
        var now = _time.GetUtcNow();
        ObjectRules.Retain(use.Bucket.Record, upload.Commit.Retention, upload.Commit.HasLegalHold, now);
        ulong sequence = _sequences.Next();
        var created = upload with { UploadId = VersionIds.Format(sequence, _sequences.NextToken()), Initiated = now };
        var change = new ObjectChange(_folders, bucket);
        change.Set(IndexKeys.Upload(bucket, key, created.UploadId), UploadCodec.Write(created));
        KeepSequence(change, sequence);
        await ApplyAsync(change, held: null, cancellationToken).ConfigureAwait(false);
        return created;
    }

    /// <inheritdoc/>
    public async ValueTask<UploadPart> CommitPartAsync(ObjectWrite write, string key, string uploadId, PartReference part, CancellationToken cancellationToken = default)
    {
        var staged = (StagedWrite)write;
        string bucket = staged.Bucket;
        if (part.Number is < 1 or > BucketLimits.PartNumber)
            throw new BucketStoreException(BucketFault.InvalidPartNumber, $"The part number {part.Number} is not between 1 and {BucketLimits.PartNumber}.");
        using var use = Enter(bucket);
        RequireUpload(bucket, key, uploadId);
        await staged.FinishAsync().ConfigureAwait(false);
        using var held = await _uploads.EnterAsync(bucket, uploadId, cancellationToken).ConfigureAwait(false);
        RequireUpload(bucket, key, uploadId);
        var stored = new StoredPart(new UploadPart(part.Number, staged.SizeBytes, part.ETag, _time.GetUtcNow(), part.Checksums), staged.FileId, staged.Crc32C);
        var change = new ObjectChange(_folders, bucket);
        string path = BucketFolders.Own(bucket, staged.FileId);
        long freed = DropPart(change, bucket, uploadId, part.Number);
        staged.Quota.Fit(use.Bucket.Quota, staged.SizeBytes - freed);
        change.Quota = staged.Quota;
        change.Place(staged.Place(path));
        change.Set(IndexKeys.Part(bucket, uploadId, part.Number), UploadCodec.WritePart(stored));
        change.Count(0, staged.SizeBytes);
        KeepSequence(change, staged.FileId);
        return await ConsumeAsync(staged, ApplyPartAsync()).ConfigureAwait(false);

        async ValueTask<UploadPart> ApplyPartAsync()
        {
            await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
            return stored.Part;
        }
    }

    /// <inheritdoc/>
    public ValueTask<PartPage> ListPartsAsync(
        string bucket, string key, string uploadId, int afterNumber = 0, int limit = BucketLimits.PageEntries, CancellationToken cancellationToken = default)
    {
        RequireLimit(limit);
        using var use = Enter(bucket);
        var upload = RequireUpload(bucket, key, uploadId);
        var parts = Parts(bucket, uploadId).Select(p => p.Part).Where(p => p.Number > afterNumber).Take(limit + 1).ToList();
        bool isTruncated = parts.Count > limit && limit > 0;
        return ValueTask.FromResult(new PartPage(upload, [.. parts.Take(limit)], isTruncated));
    }

    /// <inheritdoc/>
    public async ValueTask AbortUploadAsync(string bucket, string key, string uploadId, CancellationToken cancellationToken = default)
    {
        using var use = Enter(bucket);
        using var held = await _uploads.EnterAsync(bucket, uploadId, cancellationToken).ConfigureAwait(false);
        RequireUpload(bucket, key, uploadId);
        var change = new ObjectChange(_folders, bucket) { FreesRoom = true };
        change.Remove(IndexKeys.Upload(bucket, ObjectKeys.Encode(key), uploadId));
        foreach (var part in Parts(bucket, uploadId).ToList())
            DropPart(change, bucket, uploadId, part);
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
    }

    private UploadRecord RequireUpload(string bucket, string key, string uploadId) => FindUpload(bucket, key, uploadId)
        ?? throw new BucketStoreException(BucketFault.NoSuchUpload, $"There is no multipart upload '{uploadId}' of the object '{key}' in the bucket '{bucket}': it was never begun, or it was completed or aborted.");

    private UploadRecord? FindUpload(string bucket, string key, string uploadId) =>
        VersionIds.TryParse(uploadId, out _, out _) && _index.Get(IndexKeys.Upload(bucket, ObjectKeys.Require(key), uploadId)) is { } value
            ? UploadCodec.Read(key, uploadId, value)
            : null;

    private IEnumerable<StoredPart> Parts(string bucket, string uploadId)
    {
        byte[] parts = IndexKeys.Parts(bucket, uploadId);
        using var cursor = _index.OpenCursor();
        for (bool isThere = cursor.Seek(parts); isThere && cursor.Key.StartsWith(parts); isThere = cursor.MoveNext())
            yield return UploadCodec.ReadPart(IndexKeys.ReadPartNumber(cursor.Key), cursor.Value);
    }

    private long DropPart(ObjectChange change, string bucket, string uploadId, int number)
    {
        if (_index.Get(IndexKeys.Part(bucket, uploadId, number)) is not { } value)
            return 0;
        var replaced = UploadCodec.ReadPart(number, value);
        DropPart(change, bucket, uploadId, replaced);
        return replaced.Part.SizeBytes;
    }

    private static void DropPart(ObjectChange change, string bucket, string uploadId, StoredPart part, bool keepsFile = false)
    {
        change.Remove(IndexKeys.Part(bucket, uploadId, part.Part.Number));
        change.Count(0, -part.Part.SizeBytes);
        if (!keepsFile)
            change.RemoveOwnFile(part.FileId);
    }
}
