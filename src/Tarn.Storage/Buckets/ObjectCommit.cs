using System.Collections.Immutable;

namespace Tarn.Storage.Buckets;

/// <summary>Everything about an object but its bytes, as it is to be stored.</summary>
/// <param name="Key">1 to 1,024 bytes of UTF-8, any characters.</param>
public sealed record ObjectCommit(string Key)
{
    /// <summary>Hex MD5 of the bytes, without quotes. Required for a put; ignored when an upload begins.</summary>
    public string ETag { get; init; } = "";

    /// <summary>Canonical id of who stores it.</summary>
    public string Owner { get; init; } = "";

    /// <inheritdoc cref="ObjectRecord.Headers"/>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ObjectRecord.NoHeaders;

    /// <inheritdoc cref="ObjectRecord.UserMetadata"/>
    public ImmutableSortedDictionary<string, string> UserMetadata { get; init; } = ObjectRecord.NoHeaders;

    /// <inheritdoc cref="ObjectRecord.Tags"/>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ObjectRecord.NoTags;

    /// <summary>Checksums that the bytes were verified against or that were computed from them.</summary>
    public ImmutableArray<ObjectChecksum> Checksums { get; init; } = [];

    /// <summary>Retention; null for the bucket's default.</summary>
    public ObjectRetention? Retention { get; init; }

    /// <summary>Whether a legal hold is put on it.</summary>
    public bool HasLegalHold { get; init; }

    /// <summary>What must hold for the key in the moment of the commit; null for nothing.</summary>
    public WriteCondition? Condition { get; init; }
}

/// <summary>A precondition on the current version of a key, checked and applied as one step.</summary>
public sealed record WriteCondition
{
    /// <summary>If-None-Match: *: there must be no current version (none, or a delete marker).</summary>
    public bool MustBeAbsent { get; init; }

    /// <summary>If-None-Match: the current version, if there is one, must not have this ETag (without quotes). Null for no condition.</summary>
    public string? OtherETag { get; init; }

    /// <summary>If-Match: the current version must have this ETag (without quotes; <c>*</c> for any); NoSuchKey when there is none. Null for no condition.</summary>
    public string? ETag { get; init; }

    /// <summary>The current version must have this length. Null for no condition.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The current version must be of this second. Null for no condition.</summary>
    public DateTimeOffset? LastModified { get; init; }
}
