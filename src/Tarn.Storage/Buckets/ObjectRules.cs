using System.Collections.Immutable;
using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets;

/// <summary>Preconditions, object lock and limits, as pure functions of records.</summary>
internal static class ObjectRules
{
    private const int DaysOfAYear = 365;

    /// <exception cref="BucketStoreException">PreconditionFailed; NoSuchKey for If-Match without an object.</exception>
    public static void RequireCondition(string bucket, string key, WriteCondition? condition, ObjectRecord? current)
    {
        if (condition is null)
            return;
        bool isThere = current is { IsDeleteMarker: false };
        if (condition.MustBeAbsent && isThere)
            throw Failed(bucket, key, "it exists");
        if (condition.OtherETag is { } unwanted && isThere && unwanted == current!.ETag)
            throw Failed(bucket, key, $"its ETag is '{unwanted}'");
        if (condition.ETag is null && condition.SizeBytes is null && condition.LastModified is null)
            return;
        // Length and time are conditions of deletions alone, and deleting what is not there succeeds.
        if (current is null && condition.ETag is null)
            return;
        if (!isThere && condition.ETag is null)
            throw Failed(bucket, key, "it is deleted");
        if (!isThere)
            throw new BucketStoreException(BucketFault.NoSuchKey, $"There is no object '{key}' in the bucket '{bucket}', and the request wants one with the ETag '{condition.ETag}'.");
        if (condition.ETag is { } etag and not "*" && etag != current!.ETag)
            throw Failed(bucket, key, $"its ETag is '{current.ETag}', not '{etag}'");
        if (condition.SizeBytes is { } size && size != current!.SizeBytes)
            throw Failed(bucket, key, $"its length is {current.SizeBytes}, not {size}");
        if (condition.LastModified is { } time && time.ToUnixTimeSeconds() != current!.LastModified.ToUnixTimeSeconds())
            throw Failed(bucket, key, $"it is of {current.LastModified:u}, not of {time:u}");
    }

    /// <exception cref="BucketStoreException">ObjectLocked.</exception>
    public static void RequireUnlocked(string bucket, ObjectRecord record, DateTimeOffset now, bool bypassesGovernance)
    {
        if (record.HasLegalHold)
            throw Locked(bucket, record, "a legal hold is on it; take it off first");
        if (record.Retention is not { } retention || retention.RetainUntil <= now)
            return;
        if (retention.Mode == RetentionMode.Compliance)
            throw Locked(bucket, record, $"it is retained in compliance mode until {retention.RetainUntil:u}");
        if (!bypassesGovernance)
            throw Locked(bucket, record, $"it is retained in governance mode until {retention.RetainUntil:u}; those who may bypass governance can remove it");
    }

    /// <summary>Whether a version may get another retention: longer in the same mode always, else only by bypassing governance.</summary>
    /// <exception cref="BucketStoreException">ObjectLocked.</exception>
    public static void RequireRetentionChange(string bucket, ObjectRecord present, ObjectRetention? changed, DateTimeOffset now, bool bypassesGovernance)
    {
        if (present.Retention is not { } retention || retention.RetainUntil <= now || retention == changed)
            return;
        bool isStricter = changed is not null && changed.RetainUntil >= retention.RetainUntil && changed.Mode == retention.Mode;
        if (!isStricter)
            RequireUnlocked(bucket, present with { HasLegalHold = false }, now, bypassesGovernance);
    }

    /// <summary>The retention of a new version: its own, or the bucket's default.</summary>
    /// <exception cref="BucketStoreException">InvalidBucketState when the bucket has no object lock.</exception>
    public static ObjectRetention? Retain(BucketRecord bucket, ObjectRetention? own, bool hasLegalHold, DateTimeOffset now)
    {
        if (bucket.ObjectLock is not { } settings)
        {
            return own is null && !hasLegalHold
                ? null
                : throw new BucketStoreException(BucketFault.InvalidBucketState, $"The bucket '{bucket.Name}' has no object lock, so its objects cannot be retained or held.");
        }

        if (own is not null || settings.DefaultMode is not { } mode)
            return own;
        int days = settings.DefaultDays ?? settings.DefaultYears!.Value * DaysOfAYear;
        return new ObjectRetention(mode, now.AddDays(days));
    }

    /// <exception cref="TarnException">InvalidRequest.</exception>
    public static void RequireSize(ObjectCommit commit) => RequireSize(commit.Key, commit.Headers, commit.UserMetadata, commit.Tags, commit.Checksums);

    /// <exception cref="TarnException">InvalidRequest.</exception>
    public static void RequireSize(ObjectRecord record) => RequireSize(record.Key, record.Headers, record.UserMetadata, record.Tags, record.Checksums);

    private static void RequireSize(
        string key, ImmutableSortedDictionary<string, string> headers, ImmutableSortedDictionary<string, string> metadata, ImmutableSortedDictionary<string, string> tags, ImmutableArray<ObjectChecksum> checksums)
    {
        int size = Size(headers) + Size(metadata) + Size(tags) + checksums.Sum(c => c.Value.Length);
        if (size > BucketLimits.MetadataBytes)
            throw TarnException.Invalid($"Headers, metadata and tags of the object '{key}' are {size} characters, more than the {BucketLimits.MetadataBytes} that are kept.");
    }

    private static int Size(ImmutableSortedDictionary<string, string> pairs)
    {
        int size = 0;
        foreach (var (name, value) in pairs)
            size += name.Length + value.Length;
        return size;
    }

    private static BucketStoreException Failed(string bucket, string key, string reason) =>
        new(BucketFault.PreconditionFailed, $"The request sets a condition on the object '{key}' of the bucket '{bucket}', and {reason}.");

    private static BucketStoreException Locked(string bucket, ObjectRecord record, string reason) =>
        new(BucketFault.ObjectLocked, $"The version {record.VersionId} of the object '{record.Key}' in the bucket '{bucket}' is locked: {reason}.");
}
