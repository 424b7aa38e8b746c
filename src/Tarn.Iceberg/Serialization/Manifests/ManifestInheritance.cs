using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>
/// What entries take over from the manifest list ("Sequence Number Inheritance", "First Row ID Inheritance").
/// Row ids depend on the entries before: entries must come in order.
/// </summary>
internal sealed class ManifestInheritance(ManifestFile manifest, bool hasSequenceNumbers)
{
    private long? _nextRowId = manifest.Content == ManifestContent.Data ? manifest.FirstRowId : null;

    internal ManifestFile Manifest => manifest;

    internal long? SnapshotId(long? written) => written ?? manifest.AddedSnapshotId;

    /// <summary>Data sequence number; only added entries inherit, and all entries of version 1, where it is 0.</summary>
    internal long SequenceNumber(long? written, ManifestEntryStatus status, int position)
    {
        if (written is { } number)
            return number;
        if (status == ManifestEntryStatus.Added || manifest.SequenceNumber == 0)
            return manifest.SequenceNumber;

        // Without the column it is a version 1 manifest, whose files are older than all numbered ones.
        if (!hasSequenceNumbers)
            return 0;

        // Deleted entries take no part in reading, so a missing number does no harm there.
        return status == ManifestEntryStatus.Deleted
            ? manifest.SequenceNumber
            : throw TarnException.Corrupted($"Entry {position} of manifest {manifest.ManifestPath} exists from an earlier snapshot and lacks its sequence number (field 3).");
    }

    internal long? FileSequenceNumber(long? written, ManifestEntryStatus status) =>
        written ?? (status == ManifestEntryStatus.Added || manifest.SequenceNumber == 0 ? manifest.SequenceNumber : hasSequenceNumbers ? null : 0);

    /// <summary>First row id; files of manifests without one have none, deleted files take no ids.</summary>
    internal long? FirstRowId(long? written, ManifestEntryStatus status, long recordCount)
    {
        if (_nextRowId is not { } next)
            return null;
        if (written is not null || status == ManifestEntryStatus.Deleted)
            return written;
        _nextRowId = next + recordCount;
        return next;
    }
}
