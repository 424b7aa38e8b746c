using System.Collections.Immutable;

namespace Tarn.Storage.Buckets;

/// <summary>One rule of a bucket's lifecycle (AWS: LifecycleRule). All parts of the filter must hold; null means no such condition or action.</summary>
/// <param name="Id">Name of the rule.</param>
/// <param name="IsEnabled">Whether it is applied.</param>
public sealed record LifecycleRule(string Id, bool IsEnabled)
{
    /// <summary>Keys it applies to; empty for all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Tags an object must have, all of them.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Only objects larger than this.</summary>
    public long? SizeGreaterThanBytes { get; init; }

    /// <summary>Only objects smaller than this.</summary>
    public long? SizeLessThanBytes { get; init; }

    /// <summary>Current versions expire so many days after they were stored.</summary>
    public int? ExpirationDays { get; init; }

    /// <summary>Current versions expire at this midnight UTC.</summary>
    public DateTimeOffset? ExpirationDate { get; init; }

    /// <summary>Delete markers without other versions of their key are removed.</summary>
    public bool ExpiresDeleteMarkers { get; init; }

    /// <summary>Versions are removed so many days after they were superseded.</summary>
    public int? NoncurrentDays { get; init; }

    /// <summary>How many superseded versions are kept beyond <see cref="NoncurrentDays"/>.</summary>
    public int? NewerNoncurrentVersions { get; init; }

    /// <summary>Uploads are aborted so many days after they were begun.</summary>
    public int? AbortUploadsAfterDays { get; init; }
}
