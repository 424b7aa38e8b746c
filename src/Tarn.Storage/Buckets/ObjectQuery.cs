using System.Collections.Immutable;

namespace Tarn.Storage.Buckets;

/// <summary>
/// What to list. Order is that of the keys' UTF-8 bytes, versions of a key newest first. A common prefix counts as one entry, comes where its first
/// key would, and is left out when it does not come after <see cref="AfterKey"/>.
/// </summary>
public sealed record ObjectQuery
{
    /// <summary>Keys must start with it.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Keys that hold it behind the prefix are rolled up to a common prefix; empty for none.</summary>
    public string Delimiter { get; init; } = "";

    /// <summary>Entries up to this key (or common prefix) are left out; null to begin at the first.</summary>
    public string? AfterKey { get; init; }

    /// <summary>With versions: versions of <see cref="AfterKey"/> older than this one still come; null to leave out all of them.</summary>
    public string? AfterVersionId { get; init; }

    /// <summary>Whether older versions and delete markers are listed.</summary>
    public bool IncludesVersions { get; init; }

    /// <summary>Most entries; 0 to <see cref="BucketLimits.PageEntries"/>.</summary>
    public int Limit { get; init; } = BucketLimits.PageEntries;
}

/// <summary>A page of a listing.</summary>
/// <param name="Objects">Objects in order.</param>
/// <param name="CommonPrefixes">Common prefixes in order.</param>
/// <param name="IsTruncated">Whether more entries follow.</param>
/// <param name="NextKey">Last entry of a truncated page, to go on behind it; else null.</param>
/// <param name="NextVersionId">Version of the last entry when versions were asked for and it is no common prefix; else null.</param>
public sealed record ObjectPage(
    ImmutableArray<ObjectRecord> Objects, ImmutableArray<string> CommonPrefixes, bool IsTruncated, string? NextKey, string? NextVersionId);
