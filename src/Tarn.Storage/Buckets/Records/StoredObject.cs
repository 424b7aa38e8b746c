namespace Tarn.Storage.Buckets.Records;

/// <summary>A version as the index keeps it: what clients see, and where its bytes lie.</summary>
/// <param name="Record">What clients see; <see cref="ObjectRecord.IsLatest"/> is not kept.</param>
/// <param name="Sequence">Place among the versions of its key: the greater, the newer.</param>
internal sealed record StoredObject(ObjectRecord Record, ulong Sequence)
{
    /// <summary>Second half of the version id; without meaning for the null version.</summary>
    public ulong Token { get; init; }

    public ObjectPlace Place { get; init; }

    /// <summary>Names the file of <see cref="ObjectPlace.Own"/>.</summary>
    public ulong FileId { get; init; }

    /// <summary>Time of the plain file's last write, by which a file that somebody else wrote is noticed.</summary>
    public DateTimeOffset FileModified { get; init; }

    /// <summary>CRC-32C of all bytes; null for files that were never uploaded, until somebody asks.</summary>
    public uint? Crc32C { get; init; }

    /// <summary>Why the scrubber took the version out of service; null when it did not.</summary>
    public string? Damage { get; init; }

    public bool IsNullVersion => Record.VersionId == ObjectRecord.NullVersionId;
}

/// <summary>Where the bytes of a version lie.</summary>
internal enum ObjectPlace
{
    /// <summary>Nowhere: a delete marker.</summary>
    None,

    /// <summary>In the bucket's folder under the key.</summary>
    Plain,

    /// <summary>In a file with a number for a name.</summary>
    Own,
}
