using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Scanning;

/// <summary>A decoded manifest as planning needs it. Immutable and shared between scans.</summary>
internal abstract class ManifestContents
{
    /// <summary>Entries, deleted ones included.</summary>
    public abstract int Count { get; }

    /// <summary>Memory it takes, estimated.</summary>
    public abstract long EstimatedBytes { get; }

    public abstract bool IsLive(int entry);

    public abstract long RecordCount(int entry);

    public abstract IReadOnlyList<object?> Partition(int entry);

    /// <summary>What the entry tells of a column.</summary>
    public abstract ColumnMetrics Metrics(int entry, BoundTerm column);

    /// <summary>The entry in full, or without counts and bounds.</summary>
    public abstract ManifestEntry Entry(int entry, bool withStats);
}

/// <summary>Over entries that were decoded one by one.</summary>
internal sealed class EntryContents(IReadOnlyList<ManifestEntry> entries) : ManifestContents
{
    public override int Count => entries.Count;

    public override long EstimatedBytes => 512L + entries.Sum(e => Size(e.DataFile));

    public override bool IsLive(int entry) => entries[entry].IsLive;

    public override long RecordCount(int entry) => entries[entry].DataFile.RecordCount;

    public override IReadOnlyList<object?> Partition(int entry) => entries[entry].DataFile.Partition;

    public override ColumnMetrics Metrics(int entry, BoundTerm column) => ColumnMetrics.Of(entries[entry].DataFile, column);

    public override ManifestEntry Entry(int entry, bool withStats) => entries[entry];

    private static long Size(DataFile file) =>
        400 + (2L * file.FilePath.Length)
        + (40L * ((file.ColumnSizes?.Count ?? 0) + (file.ValueCounts?.Count ?? 0) + (file.NullValueCounts?.Count ?? 0) + (file.NanValueCounts?.Count ?? 0)))
        + (80L * ((file.LowerBounds?.Count ?? 0) + (file.UpperBounds?.Count ?? 0)));
}
