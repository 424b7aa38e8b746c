using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<ObjectRecord> UpdateAsync(
        string bucket, string key, string? versionId, Func<ObjectRecord, ObjectRecord> change, bool bypassesGovernance = false, CancellationToken cancellationToken = default)
    {
        ObjectKeys.Require(key);
        using var use = Enter(bucket);
        using var held = await _keys.EnterAsync(bucket, key, cancellationToken).ConfigureAwait(false);
        var current = await ReconcileAsync(use.Bucket, held, key, cancellationToken).ConfigureAwait(false);
        var stored = Find(bucket, key, versionId, current) ?? throw Missing(bucket, key, versionId);
        if (stored.Record.IsDeleteMarker)
            throw new BucketStoreException(BucketFault.MethodNotAllowed, $"The version {stored.Record.VersionId} of '{key}' in the bucket '{bucket}' is a delete marker, which has nothing to change.");
        var changed = Merge(stored.Record, change(stored.Record with { IsLatest = stored.Sequence == current?.Sequence }));
        ObjectRules.RequireSize(changed);
        if (changed.Retention is not null || changed.HasLegalHold)
            ObjectRules.Retain(use.Bucket.Record, changed.Retention, changed.HasLegalHold, _time.GetUtcNow());
        ObjectRules.RequireRetentionChange(bucket, stored.Record, changed.Retention, _time.GetUtcNow(), bypassesGovernance);
        var write = new ObjectChange(_folders, bucket);
        write.Write(stored with { Record = changed });
        await ApplyAsync(write, held, cancellationToken).ConfigureAwait(false);
        return changed with { IsLatest = stored.Sequence == current?.Sequence };
    }

    // Only what may change is taken over.
    private static ObjectRecord Merge(ObjectRecord present, ObjectRecord changed) => present with
    {
        Headers = changed.Headers,
        UserMetadata = changed.UserMetadata,
        Tags = changed.Tags,
        Checksums = changed.Checksums,
        Retention = changed.Retention,
        HasLegalHold = changed.HasLegalHold,
    };

    private static BucketStoreException Missing(string bucket, string key, string? versionId) => versionId is null
        ? new BucketStoreException(BucketFault.NoSuchKey, $"There is no object '{key}' in the bucket '{bucket}'.")
        : new BucketStoreException(BucketFault.NoSuchVersion, $"The object '{key}' in the bucket '{bucket}' has no version '{versionId}'.");
}
