using System.Collections.Immutable;

namespace Tarn.Storage.Buckets;

/// <summary>One version of an object, or a delete marker.</summary>
/// <param name="Key">The key.</param>
/// <param name="VersionId">32 characters, or <see cref="NullVersionId"/> for what was put while versioning was off or suspended.</param>
/// <param name="SizeBytes">Length in bytes; 0 for a delete marker.</param>
/// <param name="LastModified">When it was stored, UTC.</param>
/// <param name="ETag">Without quotes: hex MD5, or <c>…-N</c> for N parts and for files that were never uploaded. Empty for a delete marker.</param>
public sealed record ObjectRecord(string Key, string VersionId, long SizeBytes, DateTimeOffset LastModified, string ETag)
{
    /// <summary>Id of the version without an id of its own.</summary>
    public const string NullVersionId = "null";

    /// <summary>Whether this is the newest version of its key.</summary>
    public bool IsLatest { get; init; }

    /// <summary>Whether this marks the key as deleted.</summary>
    public bool IsDeleteMarker { get; init; }

    /// <summary>Canonical id of who stored it; empty for files that were never uploaded.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Headers to be given back: Content-Type, Cache-Control, x-amz-storage-class …; compared without case.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>User metadata: names without the prefix <c>x-amz-meta-</c>.</summary>
    public ImmutableSortedDictionary<string, string> UserMetadata { get; init; } = NoHeaders;

    /// <summary>Tags, with case.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTags;

    /// <summary>Checksums over the whole object or over its parts.</summary>
    public ImmutableArray<ObjectChecksum> Checksums { get; init; } = [];

    /// <summary>Parts of a multipart object in order; empty for others.</summary>
    public ImmutableArray<ObjectPart> Parts { get; init; } = [];

    /// <summary>Retention; null for none.</summary>
    public ObjectRetention? Retention { get; init; }

    /// <summary>Whether a legal hold is on.</summary>
    public bool HasLegalHold { get; init; }

    /// <summary>No headers or user metadata.</summary>
    public static ImmutableSortedDictionary<string, string> NoHeaders { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>No tags.</summary>
    public static ImmutableSortedDictionary<string, string> NoTags { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}

/// <summary>A part of a finished multipart object.</summary>
/// <param name="Number">As it was uploaded.</param>
/// <param name="SizeBytes">Length in bytes.</param>
/// <param name="Checksums">Checksums over the part; empty for none.</param>
public sealed record ObjectPart(int Number, long SizeBytes, ImmutableArray<ObjectChecksum> Checksums);

/// <summary>A checksum as S3 carries it.</summary>
/// <param name="Algorithm">How it is computed.</param>
/// <param name="Value">Base64 of the big-endian bytes; with <c>-N</c> when composite.</param>
/// <param name="IsComposite">Whether it is the checksum of the parts' checksums instead of one over all bytes.</param>
public sealed record ObjectChecksum(ChecksumAlgorithm Algorithm, string Value, bool IsComposite = false);

/// <summary>Checksum algorithms of S3 (x-amz-checksum-algorithm).</summary>
public enum ChecksumAlgorithm
{
    /// <summary>CRC-32 of IEEE 802.3.</summary>
    Crc32,

    /// <summary>CRC-32C, Castagnoli.</summary>
    Crc32C,

    /// <summary>CRC-64/NVME.</summary>
    Crc64Nvme,

    /// <summary>SHA-1.</summary>
    Sha1,

    /// <summary>SHA-256.</summary>
    Sha256,
}
