using System.Collections.Concurrent;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Scanning;

/// <summary>
/// A decoded manifest as planning needs it. Immutable and shared between scans; columns that filters ask for are decoded once and kept.
/// </summary>
internal abstract class ManifestContents
{
    // Two boxed bounds beside the struct itself.
    private const long BytesPerColumnEntry = 80;

    private readonly ConcurrentDictionary<(int FieldId, IcebergType Type), ColumnMetrics[]> columns = new();

    /// <summary>Entries, deleted ones included.</summary>
    public abstract int Count { get; }

    /// <summary>Memory it takes, estimated; grows with the columns that filters asked for.</summary>
    public long EstimatedBytes => EntryBytes + (columns.Count * BytesPerColumnEntry * Count);

    /// <summary>Memory of the entries alone.</summary>
    protected abstract long EntryBytes { get; }

    public abstract bool IsLive(int entry);

    public abstract long RecordCount(int entry);

    public abstract IReadOnlyList<object?> Partition(int entry);

    /// <summary>What the entries tell of columns, by entry.</summary>
    public Dictionary<int, ColumnMetrics[]> Columns(IReadOnlyCollection<BoundTerm> wanted)
    {
        BoundTerm[] missing = [.. wanted.Where(c => !columns.ContainsKey((c.FieldId, c.SourceType)))];
        if (missing.Length > 0)
        {
            foreach (var (column, metrics) in missing.Zip(DecodeColumns(missing)))
                columns[(column.FieldId, column.SourceType)] = metrics;
        }

        return wanted.ToDictionary(c => c.FieldId, c => columns[(c.FieldId, c.SourceType)]);
    }

    /// <summary>What the entries tell of columns that nobody asked for so far.</summary>
    protected abstract IReadOnlyList<ColumnMetrics[]> DecodeColumns(IReadOnlyList<BoundTerm> wanted);

    /// <summary>The entry, without counts and bounds where they were not decoded.</summary>
    public abstract ManifestEntry Entry(int entry);

    /// <summary>All entries with everything in them.</summary>
    public abstract IReadOnlyList<ManifestEntry> FullEntries();
}
