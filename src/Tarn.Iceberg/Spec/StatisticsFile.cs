using System.Collections.Immutable;
using System.Text.Json;

namespace Tarn.Iceberg.Spec;

/// <summary>A Puffin file with table statistics ("Table Statistics").</summary>
public sealed record StatisticsFile(long SnapshotId, string StatisticsPath, long FileSizeInBytes, long FileFooterSizeInBytes, IReadOnlyList<BlobMetadata> BlobMetadata)
{
    /// <summary>Base64 key metadata of an encrypted file, or null.</summary>
    public string? KeyMetadata { get; init; }

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}

/// <summary>A blob of a <see cref="StatisticsFile"/>.</summary>
public sealed record BlobMetadata(string Type, long SnapshotId, long SequenceNumber, IReadOnlyList<int> Fields, ImmutableSortedDictionary<string, string> Properties)
{
    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}

/// <summary>A file with statistics per partition ("Partition Statistics").</summary>
public sealed record PartitionStatisticsFile(long SnapshotId, string StatisticsPath, long FileSizeInBytes)
{
    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}

/// <summary>A key of table encryption ("Encryption Keys"); kept, never used.</summary>
public sealed record EncryptedKey(string KeyId, string EncryptedKeyMetadata, string? EncryptedById, ImmutableSortedDictionary<string, string> Properties)
{
    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}
