using System.Collections.Immutable;

namespace Tarn.Storage.Buckets.Maintenance;

/// <summary>Says what has expired at a moment under some rules (docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html).</summary>
internal sealed class LifecycleTerms(ImmutableArray<LifecycleRule> rules, DateTimeOffset now, TimeSpan? day)
{
    private readonly ImmutableArray<LifecycleRule> _rules = [.. rules.Where(r => r.IsEnabled)];

    /// <summary>Whether the current version of a key, no delete marker, has expired.</summary>
    public bool HasExpired(ObjectRecord current) => Expiration(current) is { } expiration && now >= expiration.Time;

    /// <summary>When the current version of a key, no delete marker, expires: by the rule that comes first, or null when no rule says so.</summary>
    public ObjectExpiration? Expiration(ObjectRecord current) => Matching(current)
        .SelectMany(r => Times(r, current).Select(time => new ObjectExpiration(time, r.Id)))
        .MinBy(expiration => expiration.Time);

    /// <summary>Whether a delete marker, the only version of its key, has expired.</summary>
    public bool HasMarkerExpired(ObjectRecord marker) => _rules.Any(r =>
        marker.Key.StartsWith(r.Prefix, StringComparison.Ordinal) && r.Tags.IsEmpty && (r.ExpiresDeleteMarkers || (r.ExpirationDays is { } days && HasPassed(marker.LastModified, days))));

    /// <summary>Whether an upload has been open for too long.</summary>
    public bool HasExpired(UploadRecord upload) => _rules.Any(r =>
        r.AbortUploadsAfterDays is { } days && upload.Commit.Key.StartsWith(r.Prefix, StringComparison.Ordinal) && HasPassed(upload.Initiated, days));

    /// <summary>Superseded versions of a key that have expired.</summary>
    /// <param name="versions">All versions, newest first.</param>
    public IEnumerable<ObjectRecord> ExpiredVersions(IReadOnlyList<ObjectRecord> versions)
    {
        for (int i = 1; i < versions.Count; i++)
        {
            // A version is superseded at the time of the next newer one.
            var since = versions[i - 1].LastModified;
            int newer = i - 1;
            if (Matching(versions[i]).Any(r => r.NoncurrentDays is { } days && HasPassed(since, days) && newer >= (r.NewerNoncurrentVersions ?? 0)))
                yield return versions[i];
        }
    }

    private IEnumerable<LifecycleRule> Matching(ObjectRecord record) => _rules.Where(r =>
        record.Key.StartsWith(r.Prefix, StringComparison.Ordinal)
        && (r.SizeGreaterThanBytes is not { } lower || record.SizeBytes > lower)
        && (r.SizeLessThanBytes is not { } upper || record.SizeBytes < upper)
        && r.Tags.All(t => record.Tags.TryGetValue(t.Key, out var value) && value == t.Value));

    private IEnumerable<DateTimeOffset> Times(LifecycleRule rule, ObjectRecord current)
    {
        if (rule.ExpirationDays is { } days)
            yield return End(current.LastModified, days);
        if (rule.ExpirationDate is { } date)
            yield return date;
    }

    private bool HasPassed(DateTimeOffset start, int days) => now >= End(start, days);

    // Rules may count in millions of days; what lies beyond the calendar never comes.
    private DateTimeOffset End(DateTimeOffset start, int days)
    {
        var left = DateTimeOffset.MaxValue - start - TimeSpan.FromDays(1);
        if (day is { } length)
            return days < left / length ? start + (length * days) : DateTimeOffset.MaxValue;
        if (days >= left.TotalDays)
            return DateTimeOffset.MaxValue;
        var end = start.ToUniversalTime().AddDays(days);
        return end.TimeOfDay == TimeSpan.Zero ? end : new DateTimeOffset(end.Date.AddDays(1), TimeSpan.Zero);
    }
}
