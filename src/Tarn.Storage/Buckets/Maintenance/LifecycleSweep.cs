using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets.Maintenance;

/// <summary>
/// Applies the lifecycle rules of all buckets once. Object lock wins over lifecycle, and what changed since it was looked at is left for the next time.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="day">How long a day lasts; null for real days, at whose ends at midnight UTC objects expire as in S3.</param>
public sealed class LifecycleSweep(IBucketStore store, TimeProvider time, TimeSpan? day = null)
{
    /// <summary>Goes through all buckets that have rules.</summary>
    public async Task<LifecycleOutcome> RunAsync(CancellationToken cancellationToken = default)
    {
        var outcome = new LifecycleOutcome();
        foreach (var bucket in await store.ListBucketsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!bucket.Lifecycle.Any(r => r.IsEnabled))
                continue;
            var terms = new LifecycleTerms(bucket.Lifecycle, time.GetUtcNow(), day);
            await SweepObjectsAsync(bucket, terms, outcome, cancellationToken).ConfigureAwait(false);
            await SweepUploadsAsync(bucket, terms, outcome, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    private async Task SweepObjectsAsync(BucketRecord bucket, LifecycleTerms terms, LifecycleOutcome outcome, CancellationToken cancellationToken)
    {
        var versions = new List<ObjectRecord>();
        string? afterKey = null, afterVersion = null;
        do
        {
            var page = await store.ListAsync(bucket.Name, new ObjectQuery { IncludesVersions = true, AfterKey = afterKey, AfterVersionId = afterVersion }, cancellationToken).ConfigureAwait(false);
            foreach (var version in page.Objects)
            {
                if (versions.Count > 0 && versions[0].Key != version.Key)
                    await SweepKeyAsync(bucket, versions, terms, outcome, cancellationToken).ConfigureAwait(false);
                versions.Add(version);
            }

            (afterKey, afterVersion) = (page.NextKey, page.NextVersionId);
        }
        while (afterKey is not null);
        if (versions.Count > 0)
            await SweepKeyAsync(bucket, versions, terms, outcome, cancellationToken).ConfigureAwait(false);
    }

    private async Task SweepKeyAsync(BucketRecord bucket, List<ObjectRecord> versions, LifecycleTerms terms, LifecycleOutcome outcome, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (var version in terms.ExpiredVersions(versions))
        {
            if (await TryDeleteAsync(bucket, version, version.VersionId, outcome, cancellationToken).ConfigureAwait(false))
                removed++;
        }

        outcome.RemovedVersions += removed;
        var current = versions[0];
        bool isAlone = versions.Count - removed == 1;
        versions.Clear();
        if (current.IsDeleteMarker)
        {
            if (isAlone && terms.HasMarkerExpired(current) && await TryDeleteAsync(bucket, current, current.VersionId, outcome, cancellationToken).ConfigureAwait(false))
                outcome.RemovedDeleteMarkers++;
        }
        else if (terms.HasExpired(current) && await TryDeleteAsync(bucket, current, null, outcome, cancellationToken).ConfigureAwait(false))
        {
            outcome.ExpiredObjects++;
        }
    }

    private async Task<bool> TryDeleteAsync(BucketRecord bucket, ObjectRecord version, string? versionId, LifecycleOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            // Time and length say that it is still the same; a delete marker has neither condition to fail.
            var condition = version.IsDeleteMarker || versionId is not null ? null : new WriteCondition { ETag = version.ETag, SizeBytes = version.SizeBytes, LastModified = version.LastModified };
            await store.DeleteAsync(bucket.Name, version.Key, new ObjectDelete { VersionId = versionId, Condition = condition }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (BucketStoreException error) when (error.Fault is BucketFault.ObjectLocked or BucketFault.PreconditionFailed or BucketFault.NoSuchKey or BucketFault.NoSuchBucket)
        {
            outcome.Kept++;
            return false;
        }
    }

    private async Task SweepUploadsAsync(BucketRecord bucket, LifecycleTerms terms, LifecycleOutcome outcome, CancellationToken cancellationToken)
    {
        string? afterKey = null, afterId = null;
        do
        {
            var page = await store.ListUploadsAsync(bucket.Name, new UploadQuery { AfterKey = afterKey, AfterUploadId = afterId }, cancellationToken).ConfigureAwait(false);
            foreach (var upload in page.Uploads.Where(terms.HasExpired))
            {
                try
                {
                    await store.AbortUploadAsync(bucket.Name, upload.Commit.Key, upload.UploadId, cancellationToken).ConfigureAwait(false);
                    outcome.AbortedUploads++;
                }
                catch (BucketStoreException error) when (error.Fault == BucketFault.NoSuchUpload)
                {
                    // Completed or aborted by its owner meanwhile, which is as well.
                    outcome.Kept++;
                }
            }

            (afterKey, afterId) = (page.NextKey, page.NextUploadId);
        }
        while (afterKey is not null);
    }
}

/// <summary>What a lifecycle run did.</summary>
public sealed class LifecycleOutcome
{
    /// <summary>Objects removed, or given a delete marker.</summary>
    public long ExpiredObjects { get; internal set; }

    /// <summary>Superseded versions removed.</summary>
    public long RemovedVersions { get; internal set; }

    /// <summary>Delete markers removed that stood alone.</summary>
    public long RemovedDeleteMarkers { get; internal set; }

    /// <summary>Uploads aborted.</summary>
    public long AbortedUploads { get; internal set; }

    /// <summary>What a rule would remove, and object lock or a change in the same moment kept.</summary>
    public long Kept { get; internal set; }
}
