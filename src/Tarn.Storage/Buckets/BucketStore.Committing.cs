using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Storage.Buckets.Events;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public ValueTask<ObjectWrite> BeginWriteAsync(string bucket, long? expectedSizeBytes = null, WriteTarget? target = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var state = Require(bucket);
        if (target is { Key: var key })
            ObjectKeys.Require(key);
        if (expectedSizeBytes > BucketLimits.ObjectBytes)
            throw new BucketStoreException(BucketFault.EntityTooLarge, $"The object is {expectedSizeBytes} bytes long, and the largest may have {BucketLimits.ObjectBytes}.");
        var place = new QuotaPlace(state.Quota, target is { } known && state.Quota.IsLimited ? ReplacedBytes(state, known) : 0);
        place.Reach(expectedSizeBytes ?? 0);
        return ValueTask.FromResult<ObjectWrite>(new StagedWrite(_files, _folders, bucket, _sequences.Next(), _options.LogContentBytes, place));
    }

    // The commit counts again, under the lock of the key or the upload.
    private long ReplacedBytes(BucketState bucket, WriteTarget target)
    {
        if (target.UploadId is { } uploadId)
            return _index.Get(IndexKeys.Part(bucket.Name, uploadId, target.PartNumber)) is { } part ? UploadCodec.ReadPart(target.PartNumber, part).Part.SizeBytes : 0;
        return bucket.Record.Versioning == BucketVersioning.Enabled ? 0 : Versions(bucket.Name, target.Key).FirstOrDefault(v => v.IsNullVersion)?.Record.SizeBytes ?? 0;
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectRecord> CommitAsync(ObjectWrite write, ObjectCommit commit, CancellationToken cancellationToken = default)
    {
        var staged = (StagedWrite)write;
        ObjectKeys.Require(commit.Key);
        ObjectRules.RequireSize(commit);
        ArgumentException.ThrowIfNullOrEmpty(commit.ETag);
        using var use = Enter(staged.Bucket);
        var modified = await staged.FinishAsync().ConfigureAwait(false);
        using var held = await _keys.EnterAsync(staged.Bucket, commit.Key, cancellationToken).ConfigureAwait(false);
        var current = await ReconcileAsync(use.Bucket, held, commit.Key, cancellationToken).ConfigureAwait(false);
        ObjectRules.RequireCondition(use.Bucket.Name, commit.Key, commit.Condition, current?.Record);
        var content = new NewContent(staged.SizeBytes, commit.ETag, staged.Crc32C, commit.Checksums, [], staged.FileId, modified, staged.Place, staged.Quota);
        var stored = await ConsumeAsync(staged, PutVersionAsync(use.Bucket, held, commit, content, current, new ObjectChange(_folders, use.Bucket.Name), cancellationToken)).ConfigureAwait(false);
        var record = stored.Record with { IsLatest = true };
        Tell(ObjectEventKind.Put, use.Bucket.Name, record);
        return record;
    }

    /// <summary>Makes new content the newest version of a key. The caller holds the key's lock and has checked conditions.</summary>
    private async ValueTask<StoredObject> PutVersionAsync(
        BucketState bucket, KeyLocks.Held held, ObjectCommit commit, NewContent content, StoredObject? current, ObjectChange change, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var record = bucket.Record;
        var retention = ObjectRules.Retain(record, commit.Retention, commit.HasLegalHold, now);
        using var reservation = TryReservePlain(bucket.Name, commit.Key);
        bool isPlain = reservation is not null;
        long freed = MakeRoom(bucket, change, current, commit.Key, isPlain ? PlainFile.IsReplaced : PlainFile.IsFreed);
        content.Quota.Fit(bucket.Quota, content.SizeBytes - freed - content.CountedBytes);
        change.Quota = content.Quota;
        ulong sequence = _sequences.Next(), token = _sequences.NextToken();
        string versionId = record.Versioning == BucketVersioning.Enabled ? VersionIds.Format(sequence, token) : ObjectRecord.NullVersionId;
        var stored = new StoredObject(
            new ObjectRecord(commit.Key, versionId, content.SizeBytes, now, content.ETag)
            {
                Owner = commit.Owner,
                Headers = commit.Headers,
                UserMetadata = commit.UserMetadata,
                Tags = commit.Tags,
                Checksums = content.Checksums,
                Parts = content.Parts,
                Retention = retention,
                HasLegalHold = commit.HasLegalHold,
            },
            sequence)
        {
            Token = token,
            Place = isPlain ? ObjectPlace.Plain : ObjectPlace.Own,
            FileId = content.FileId,
            FileModified = content.FileModified,
            Crc32C = content.Crc32C,
        };
        change.AddVersion(stored);
        var place = content.Place(change.PathOf(stored));
        // Before the log relies on it: a file whose folder is lost is lost, too. Content that is in the log itself can wait.
        if (isPlain && place is PlaceFile)
            _durableFolders.Ensure(_folders.Absolute(BucketFolders.Parent(place.Path)));
        change.Place(place);
        KeepSequence(change, sequence);
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
        return stored;
    }

    private IDisposable? TryReservePlain(string bucket, string key) => _distinguishesCase || PlainKeys.IsSameForAll(key) ? _plainPaths.TryReserve(bucket, key) : null;

    /// <summary>Removes the version that a new one replaces, or moves its plain file out of the way when it stays.</summary>
    /// <returns>Bytes that become free.</returns>
    private long MakeRoom(BucketState bucket, ObjectChange change, StoredObject? current, string key, PlainFile plain)
    {
        if (current is null)
            return 0;
        var replaced = bucket.Record.Versioning switch
        {
            BucketVersioning.Enabled => null,
            _ when current.IsNullVersion => current,
            _ => Versions(bucket.Name, key).FirstOrDefault(v => v.IsNullVersion),
        };
        if (replaced is not null)
        {
            ObjectRules.RequireUnlocked(bucket.Name, replaced.Record, _time.GetUtcNow(), bypassesGovernance: false);
            change.RemoveVersion(replaced, keepsFile: replaced.Place == ObjectPlace.Plain && plain != PlainFile.IsFreed);
        }

        if (current.Sequence == replaced?.Sequence)
            return replaced.Record.SizeBytes;
        if (plain == PlainFile.IsTakenByOthers && current.Place == ObjectPlace.Plain)
            change.RemoveVersion(current, keepsFile: true);
        else
            change.Supersede(current);
        return replaced?.Record.SizeBytes ?? 0;
    }

    // When nobody knows whether the log has the change, its file must stay for recovery.
    private static async ValueTask<T> ConsumeAsync<T>(StagedWrite staged, ValueTask<T> commit)
    {
        try
        {
            var result = await commit.ConfigureAwait(false);
            staged.Consume();
            return result;
        }
        catch (TarnException error) when (error.Kind == ErrorKind.Unavailable)
        {
            staged.Consume();
            throw;
        }
    }

    /// <summary>The bytes of a new version.</summary>
    /// <param name="Place">Gives the effect that brings them under a path.</param>
    /// <param name="Quota">The place that they hold under the bucket's quota.</param>
    private sealed record NewContent(
        long SizeBytes, string ETag, uint? Crc32C, ImmutableArray<ObjectChecksum> Checksums, ImmutableArray<ObjectPart> Parts, ulong FileId, DateTimeOffset FileModified, Func<string, FileEffect> Place, QuotaPlace Quota)
    {
        /// <summary>Bytes of the bucket that they take the place of, besides those of a replaced version: an upload's parts.</summary>
        public long CountedBytes { get; init; }
    }
}
