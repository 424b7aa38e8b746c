using System.Collections.Immutable;

namespace Tarn.Storage.Buckets;

/// <summary>A multipart upload that is neither completed nor aborted.</summary>
/// <param name="UploadId">32 characters.</param>
/// <param name="Initiated">UTC.</param>
/// <param name="Commit">What the object will be; its condition and ETag are not used.</param>
public sealed record UploadRecord(string UploadId, DateTimeOffset Initiated, ObjectCommit Commit)
{
    /// <summary>The checksum that parts carry; null when the client named none.</summary>
    public ChecksumAlgorithm? ChecksumAlgorithm { get; init; }

    /// <summary>Whether the object's checksum is composite (of the parts' checksums) or one over all bytes.</summary>
    public bool IsChecksumComposite { get; init; }
}

/// <summary>A stored part of an upload.</summary>
/// <param name="Number">1 to 10,000.</param>
/// <param name="SizeBytes">Length in bytes.</param>
/// <param name="ETag">Hex MD5 of the part, without quotes.</param>
/// <param name="LastModified">UTC.</param>
/// <param name="Checksums">Checksums over the part; empty for none.</param>
public sealed record UploadPart(int Number, long SizeBytes, string ETag, DateTimeOffset LastModified, ImmutableArray<ObjectChecksum> Checksums);

/// <summary>A part as a completion names it.</summary>
/// <param name="Number">The part's number.</param>
/// <param name="ETag">Must be that of the stored part; without quotes.</param>
/// <param name="Checksums">Those given must be those of the stored part; empty for none given.</param>
public sealed record PartReference(int Number, string ETag, ImmutableArray<ObjectChecksum> Checksums);

/// <summary>The completion of an upload.</summary>
/// <param name="Parts">Parts in ascending order of their numbers, at least one.</param>
public sealed record UploadCompletion(ImmutableArray<PartReference> Parts)
{
    /// <summary>What must hold for the key; null for nothing.</summary>
    public WriteCondition? Condition { get; init; }

    /// <summary>Computes the object's checksums from its parts, and may refuse them; null for none.</summary>
    public Func<ImmutableArray<UploadPart>, ImmutableArray<ObjectChecksum>>? Checksums { get; init; }
}

/// <summary>A page of an upload's parts.</summary>
/// <param name="Upload">The upload.</param>
/// <param name="Parts">Parts in order.</param>
/// <param name="IsTruncated">Whether more parts follow the last one.</param>
public sealed record PartPage(UploadRecord Upload, ImmutableArray<UploadPart> Parts, bool IsTruncated);

/// <summary>Which uploads to list, in order of key and upload id.</summary>
public sealed record UploadQuery
{
    /// <inheritdoc cref="ObjectQuery.Prefix"/>
    public string Prefix { get; init; } = "";

    /// <inheritdoc cref="ObjectQuery.Delimiter"/>
    public string Delimiter { get; init; } = "";

    /// <inheritdoc cref="ObjectQuery.AfterKey"/>
    public string? AfterKey { get; init; }

    /// <summary>Uploads of <see cref="AfterKey"/> with a greater id still come; null to leave out all of them.</summary>
    public string? AfterUploadId { get; init; }

    /// <inheritdoc cref="ObjectQuery.Limit"/>
    public int Limit { get; init; } = BucketLimits.PageEntries;
}

/// <summary>A page of uploads.</summary>
/// <param name="Uploads">Uploads in order.</param>
/// <param name="CommonPrefixes">Common prefixes in order.</param>
/// <param name="IsTruncated">Whether more entries follow.</param>
/// <param name="NextKey">Last entry of a truncated page; else null.</param>
/// <param name="NextUploadId">Upload id of the last entry when it is no common prefix; else null.</param>
public sealed record UploadPage(
    ImmutableArray<UploadRecord> Uploads, ImmutableArray<string> CommonPrefixes, bool IsTruncated, string? NextKey, string? NextUploadId);
