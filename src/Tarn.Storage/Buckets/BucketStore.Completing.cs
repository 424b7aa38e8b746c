using System.Collections.Immutable;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Events;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<ObjectRecord> CompleteUploadAsync(
        string bucket, string key, string uploadId, UploadCompletion completion, CancellationToken cancellationToken = default)
    {
        ObjectKeys.Require(key);
        using var use = Enter(bucket);
        using var upload = await _uploads.EnterAsync(bucket, uploadId, cancellationToken).ConfigureAwait(false);
        if (FindUpload(bucket, key, uploadId) is not { } begun)
            return FindCompleted(bucket, key, uploadId) ?? throw NoUpload(bucket, key, uploadId);
        var stored = Parts(bucket, uploadId).ToDictionary(p => p.Part.Number);
        var chosen = UploadRules.Choose(key, stored, completion.Parts);
        var checksums = completion.Checksums?.Invoke([.. chosen.Select(p => p.Part)]) ?? [];
        using var held = await _keys.EnterAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        var current = await ReconcileAsync(use.Bucket, held, key, cancellationToken).ConfigureAwait(false);
        ObjectRules.RequireCondition(bucket, key, completion.Condition, current?.Record);
        string source = BucketFolders.Own(bucket, chosen[0].FileId);
        var modified = await JoinAsync(bucket, chosen, cancellationToken).ConfigureAwait(false);
        var change = new ObjectChange(_folders, bucket);
        change.Remove(IndexKeys.Upload(bucket, ObjectKeys.Encode(key), uploadId));
        foreach (var part in stored.Values)
            DropPart(change, bucket, uploadId, part, keepsFile: part.FileId == chosen[0].FileId);
        using var quota = new QuotaPlace(use.Bucket.Quota);
        var content = new NewContent(
            chosen.Sum(p => p.Part.SizeBytes), UploadRules.ETag(chosen), UploadRules.Crc32C(chosen), checksums, UploadRules.ObjectParts(chosen), _sequences.Next(), modified, path => new PlaceFile(path, source), quota)
        {
            CountedBytes = stored.Values.Sum(p => p.Part.SizeBytes),
        };
        var made = await PutVersionAsync(use.Bucket, held, begun.Commit, content, current, KeepCompleted(change, uploadId, content.FileId), cancellationToken).ConfigureAwait(false);
        var record = made.Record with { IsLatest = true };
        Tell(ObjectEventKind.CompleteMultipartUpload, bucket, record);
        return record;
    }

    // Appends the other parts to the file of the first. Should this be interrupted, the first part still has its bytes, and its length is known.
    private async ValueTask<DateTimeOffset> JoinAsync(string bucket, ImmutableArray<StoredPart> parts, CancellationToken cancellationToken)
    {
        string path = _folders.Absolute(BucketFolders.Own(bucket, parts[0].FileId));
        try
        {
            await Task.Factory.StartNew(() => Join(bucket, path, parts, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            return _files.Stat(path)!.LastModified;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Translate(error, $"Cannot put together the parts of an upload to the bucket '{bucket}'", path);
        }
    }

    private void Join(string bucket, string path, ImmutableArray<StoredPart> parts, CancellationToken cancellationToken)
    {
        using var target = _files.OpenWrite(path);
        long offset = parts[0].Part.SizeBytes;
        if (target.LengthBytes != offset)
            target.Truncate(offset);
        foreach (var part in parts.AsSpan()[1..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            long copied = _files.Copy(_folders.Absolute(BucketFolders.Own(bucket, part.FileId)), target, offset);
            if (copied != part.Part.SizeBytes)
                throw Core.Errors.TarnException.Corrupted($"Part {part.Part.Number} of an upload to the bucket '{bucket}' is {copied} bytes long instead of {part.Part.SizeBytes}; abort the upload and begin it again.");
            offset += copied;
        }

        target.Sync();
        _files.SyncFolder(Path.GetDirectoryName(path)!);
    }

    // So that a client that did not hear the answer, and completes again, gets it.
    private static ObjectChange KeepCompleted(ObjectChange change, string uploadId, ulong fileId)
    {
        var value = new RecordWriter();
        value.Number(fileId);
        change.Set(IndexKeys.Completed(change.Bucket, uploadId), value.ToArray());
        return change;
    }

    private ObjectRecord? FindCompleted(string bucket, string key, string uploadId)
    {
        if (_index.Get(IndexKeys.Completed(bucket, uploadId)) is not { } value)
            return null;
        ulong fileId = new RecordReader(value).Number();
        bool isLatest = true;
        foreach (var version in Versions(bucket, key))
        {
            if (version.FileId == fileId)
                return version.Record with { IsLatest = isLatest };
            isLatest = false;
        }

        return null;
    }

    private static BucketStoreException NoUpload(string bucket, string key, string uploadId) =>
        new(BucketFault.NoSuchUpload, $"There is no multipart upload '{uploadId}' of the object '{key}' in the bucket '{bucket}': it was never begun, or it was completed or aborted.");
}
