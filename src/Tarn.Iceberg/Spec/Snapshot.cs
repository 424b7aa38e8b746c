using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Tarn.Iceberg.Spec;

/// <summary>A snapshot ("Snapshots").</summary>
public sealed record Snapshot
{
    /// <summary>Name of the branch that <c>current-snapshot-id</c> follows.</summary>
    public const string MainBranch = "main";

    /// <summary>Unique, positive id.</summary>
    public required long SnapshotId { get; init; }

    /// <summary>Id of the snapshot it was made from, or null.</summary>
    public long? ParentSnapshotId { get; init; }

    /// <summary>Order of commits; 0 in version 1.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>When it was made, milliseconds from 1970 UTC.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>Location of the manifest list; null only in version 1, where <see cref="Manifests"/> stands instead.</summary>
    public string? ManifestList { get; init; }

    /// <summary>Locations of manifests listed inline (version 1 only), else null.</summary>
    public IReadOnlyList<string>? Manifests { get; init; }

    /// <summary>Operation and counts; holds key <c>operation</c>. Empty when the writer gave none (version 1).</summary>
    public ImmutableSortedDictionary<string, string> Summary { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Current schema when it was made, or null.</summary>
    public int? SchemaId { get; init; }

    /// <summary>First row id of its new rows. Version 3.</summary>
    public long? FirstRowId { get; init; }

    /// <summary>Upper bound of row ids assigned by it. Version 3.</summary>
    public long? AddedRows { get; init; }

    /// <summary>Key that encrypts the manifest list key metadata, or null. Version 3.</summary>
    public string? KeyId { get; init; }

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary><c>append</c>, <c>replace</c>, <c>overwrite</c>, <c>delete</c>; null when the writer gave none.</summary>
    public string? Operation => Summary.GetValueOrDefault("operation");

    /// <summary>True when the summary says that no delete files stand; false when some do, and when it tells nothing.</summary>
    public bool IsFreeOfDeletes => Count("total-delete-files") is 0 || (Count("total-position-deletes") is 0 && Count("total-equality-deletes") is 0);

    /// <summary>A number of the summary ("Optional Snapshot Summary Fields"), or null where its writer recorded none.</summary>
    public long? Count(string key) =>
        long.TryParse(Summary.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}

/// <summary>Kind of a <see cref="SnapshotRef"/>.</summary>
public enum SnapshotRefType
{
    /// <summary>Moves with commits.</summary>
    Branch,

    /// <summary>Stays.</summary>
    Tag,
}

/// <summary>A named reference to a snapshot ("Snapshot References").</summary>
public sealed record SnapshotRef(long SnapshotId, SnapshotRefType Type)
{
    /// <summary>Branch: fewest snapshots to keep.</summary>
    public int? MinSnapshotsToKeep { get; init; }

    /// <summary>Branch: age up to which snapshots are kept, milliseconds.</summary>
    public long? MaxSnapshotAgeMs { get; init; }

    /// <summary>Age up to which the reference itself is kept, milliseconds.</summary>
    public long? MaxRefAgeMs { get; init; }

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}

/// <summary>When a snapshot became current.</summary>
public sealed record SnapshotLogEntry(long TimestampMs, long SnapshotId);

/// <summary>A former metadata file.</summary>
public sealed record MetadataLogEntry(long TimestampMs, string MetadataFile);
