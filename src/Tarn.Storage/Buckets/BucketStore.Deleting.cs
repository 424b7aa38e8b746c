using Tarn.Storage.Buckets.Events;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<DeleteOutcome> DeleteAsync(string bucket, string key, ObjectDelete delete, CancellationToken cancellationToken = default)
    {
        ObjectKeys.Require(key);
        using var use = Enter(bucket);
        using var held = await _keys.EnterAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        var current = await ReconcileAsync(use.Bucket, held, key, cancellationToken).ConfigureAwait(false);
        if (delete.VersionId is not null)
            return await RemoveVersionAsync(use.Bucket, held, key, delete, current, cancellationToken).ConfigureAwait(false);
        ObjectRules.RequireCondition(bucket, key, delete.Condition, current?.Record);
        return use.Bucket.Record.Versioning == BucketVersioning.Off
            ? await RemoveCurrentAsync(use.Bucket, held, current, delete, cancellationToken).ConfigureAwait(false)
            : await MarkDeletedAsync(use.Bucket, held, key, delete, current, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<DeleteOutcome> RemoveVersionAsync(
        BucketState bucket, KeyLocks.Held held, string key, ObjectDelete delete, StoredObject? current, CancellationToken cancellationToken)
    {
        var found = Find(bucket.Name, key, delete.VersionId, current);
        // No other content can come under the id of a version, so a condition on one that is gone guards nothing, and a repeated deletion succeeds.
        // The id null is the exception: what is written without versions has it, again and again.
        if (found is not null || delete.VersionId == ObjectRecord.NullVersionId)
            ObjectRules.RequireCondition(bucket.Name, key, delete.Condition, found?.Record);
        if (found is null)
            return new DeleteOutcome(delete.VersionId, IsDeleteMarker: false, HasRemoved: false);
        await RemoveAsync(bucket, held, found, delete, cancellationToken).ConfigureAwait(false);
        return new DeleteOutcome(found.Record.VersionId, found.Record.IsDeleteMarker, HasRemoved: true);
    }

    private async ValueTask<DeleteOutcome> RemoveCurrentAsync(
        BucketState bucket, KeyLocks.Held held, StoredObject? current, ObjectDelete delete, CancellationToken cancellationToken)
    {
        if (current is null)
            return new DeleteOutcome(null, IsDeleteMarker: false, HasRemoved: false);
        await RemoveAsync(bucket, held, current, delete, cancellationToken).ConfigureAwait(false);
        return new DeleteOutcome(null, IsDeleteMarker: false, HasRemoved: true);
    }

    private async ValueTask RemoveAsync(BucketState bucket, KeyLocks.Held held, StoredObject version, ObjectDelete delete, CancellationToken cancellationToken)
    {
        ObjectRules.RequireUnlocked(bucket.Name, version.Record, _time.GetUtcNow(), delete.BypassesGovernance);
        var change = new ObjectChange(_folders, bucket.Name) { FreesRoom = true };
        change.RemoveVersion(version);
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
        Tell(ObjectEventKind.Delete, bucket.Name, version.Record);
    }

    private async ValueTask<DeleteOutcome> MarkDeletedAsync(
        BucketState bucket, KeyLocks.Held held, string key, ObjectDelete delete, StoredObject? current, CancellationToken cancellationToken)
    {
        var change = new ObjectChange(_folders, bucket.Name);
        MakeRoom(bucket, change, current, key, PlainFile.IsFreed);
        ulong sequence = _sequences.Next(), token = _sequences.NextToken();
        string versionId = bucket.Record.Versioning == BucketVersioning.Enabled ? VersionIds.Format(sequence, token) : ObjectRecord.NullVersionId;
        var marker = new ObjectRecord(key, versionId, 0, _time.GetUtcNow(), "") { IsDeleteMarker = true, Owner = delete.Owner };
        change.AddVersion(new StoredObject(marker, sequence) { Token = token, FileModified = DateTimeOffset.UnixEpoch });
        KeepSequence(change, sequence);
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
        Tell(ObjectEventKind.DeleteMarkerCreated, bucket.Name, marker);
        return new DeleteOutcome(versionId, IsDeleteMarker: true, HasRemoved: false);
    }
}
