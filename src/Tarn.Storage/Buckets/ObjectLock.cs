namespace Tarn.Storage.Buckets;

/// <summary>Object lock of a bucket, which also needs versioning.</summary>
/// <param name="DefaultMode">Mode for objects put without one; null for no default retention.</param>
/// <param name="DefaultDays">Length of the default retention in days; exactly one of days and years with a mode.</param>
/// <param name="DefaultYears">Length of the default retention in years of 365 days.</param>
public sealed record ObjectLockSettings(RetentionMode? DefaultMode = null, int? DefaultDays = null, int? DefaultYears = null);

/// <summary>How strictly a version is retained.</summary>
public enum RetentionMode
{
    /// <summary>May be shortened or removed by those with the right to bypass it.</summary>
    Governance,

    /// <summary>May be extended only, by anybody, root included.</summary>
    Compliance,
}

/// <summary>Until when a version may not be removed.</summary>
/// <param name="Mode">How strictly.</param>
/// <param name="RetainUntil">UTC.</param>
public sealed record ObjectRetention(RetentionMode Mode, DateTimeOffset RetainUntil);
