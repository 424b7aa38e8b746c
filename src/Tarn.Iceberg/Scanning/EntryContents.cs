using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Scanning;

/// <summary>Over entries that were decoded one by one with everything in them: delete files, of which there are few.</summary>
internal sealed class EntryContents(IReadOnlyList<ManifestEntry> entries) : ManifestContents
{
    public override int Count => entries.Count;

    protected override long EntryBytes { get; } = 512L + entries.Sum(e => Size(e.DataFile));

    public override bool IsLive(int entry) => entries[entry].IsLive;

    public override long RecordCount(int entry) => entries[entry].DataFile.RecordCount;

    public override IReadOnlyList<object?> Partition(int entry) => entries[entry].DataFile.Partition;

    protected override IReadOnlyList<ColumnMetrics[]> DecodeColumns(IReadOnlyList<BoundTerm> wanted) =>
        [.. wanted.Select(column => entries.Select(e => ColumnMetrics.Of(e.DataFile, column)).ToArray())];

    public override ManifestEntry Entry(int entry) => entries[entry];

    public override IReadOnlyList<ManifestEntry> FullEntries() => entries;

    private static long Size(DataFile file) =>
        400 + (2L * file.FilePath.Length)
        + (40L * ((file.ColumnSizes?.Count ?? 0) + (file.ValueCounts?.Count ?? 0) + (file.NullValueCounts?.Count ?? 0) + (file.NanValueCounts?.Count ?? 0)))
        + (80L * ((file.LowerBounds?.Count ?? 0) + (file.UpperBounds?.Count ?? 0)));
}
