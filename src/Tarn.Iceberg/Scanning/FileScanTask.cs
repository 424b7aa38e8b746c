using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Scanning;

/// <summary>One data file to read, with everything that reading it needs ("Scan Planning").</summary>
public sealed record FileScanTask
{
    private const int DefaultSplitBytes = 128 * 1024 * 1024;

    /// <summary>The file. Counts and bounds are there only when the scan asked for them.</summary>
    public required DataFile File { get; init; }

    /// <summary>Spec of its partition.</summary>
    public required PartitionSpec Spec { get; init; }

    /// <summary>Data sequence number of the file.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>Sequence number of the snapshot that added the file, or null.</summary>
    public long? FileSequenceNumber { get; init; }

    /// <summary>Snapshot that added the file, or null.</summary>
    public long? SnapshotId { get; init; }

    /// <summary>Delete files that must be applied: at most one deletion vector, then no position deletes; any number of equality deletes.</summary>
    public IReadOnlyList<ManifestEntry> Deletes { get; init; } = [];

    /// <summary>What rows of the file still have to match, bound to the schema of the scan.</summary>
    public required Expression Residual { get; init; }

    /// <summary>
    /// True when every row certainly matches the filter, so that the file as a whole does. The partition tells; counts and bounds tell more
    /// when the scan asked for them (<see cref="TableScan.IncludeColumnStats"/>).
    /// </summary>
    public bool AllRowsMatch => Residual.MustMatchFile(File);

    /// <summary>Row id of the first row, or null ("Row Lineage").</summary>
    public long? FirstRowId => File.FirstRowId;

    /// <summary>
    /// Byte ranges that can be read apart, each about <paramref name="targetBytes"/>: at the recorded split offsets; the whole file when it records none.
    /// </summary>
    public IEnumerable<FileSplit> Splits(long targetBytes = DefaultSplitBytes)
    {
        long length = File.FileSizeInBytes;
        var offsets = File.SplitOffsets ?? [];
        bool usable = offsets.Count > 1 && offsets[^1] < length && offsets.Zip(offsets.Skip(1)).All(p => p.First < p.Second);
        if (!usable)
        {
            yield return new FileSplit(0, length);
            yield break;
        }

        long start = 0;
        foreach (long offset in offsets.Skip(1))
        {
            if (offset - start < targetBytes)
                continue;
            yield return new FileSplit(start, offset - start);
            start = offset;
        }

        yield return new FileSplit(start, length - start);
    }
}

/// <summary>A byte range of a file.</summary>
public readonly record struct FileSplit(long Offset, long LengthBytes);

/// <summary>All files of a scan.</summary>
/// <param name="Scan">What was planned.</param>
/// <param name="Filter">The filter bound to the schema of the scan.</param>
/// <param name="Tasks">The files, in the order of manifests and entries.</param>
/// <param name="Metrics">What was looked at and why files were left out.</param>
public sealed record ScanPlan(TableScan Scan, Expression Filter, IReadOnlyList<FileScanTask> Tasks, ScanMetrics Metrics);
