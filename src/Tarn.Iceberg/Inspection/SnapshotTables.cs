using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Inspection;

/// <summary>Metadata tables that the metadata file alone tells.</summary>
internal static class SnapshotTables
{
    public static Schema SnapshotsSchema { get; } = Build(c => c
        .Add("committed_at", SimpleType.TimestampTz)
        .Add("snapshot_id", SimpleType.Long)
        .Add("parent_id", SimpleType.Long)
        .Add("operation", SimpleType.String)
        .Add("manifest_list", SimpleType.String)
        .Add("summary", c.Map(SimpleType.String, SimpleType.String)));

    public static Schema HistorySchema { get; } = Build(c => c
        .Add("made_current_at", SimpleType.TimestampTz)
        .Add("snapshot_id", SimpleType.Long)
        .Add("parent_id", SimpleType.Long)
        .Add("is_current_ancestor", SimpleType.Boolean));

    public static Schema RefsSchema { get; } = Build(c => c
        .Add("name", SimpleType.String)
        .Add("type", SimpleType.String)
        .Add("snapshot_id", SimpleType.Long)
        .Add("max_reference_age_in_ms", SimpleType.Long)
        .Add("min_snapshots_to_keep", SimpleType.Int)
        .Add("max_snapshot_age_in_ms", SimpleType.Long));

    public static Schema PropertiesSchema { get; } = Build(c => c.Add("key", SimpleType.String).Add("value", SimpleType.String));

    public static Schema MetadataLogSchema { get; } = Build(c => c
        .Add("timestamp", SimpleType.TimestampTz)
        .Add("file", SimpleType.String)
        .Add("latest_snapshot_id", SimpleType.Long)
        .Add("latest_schema_id", SimpleType.Int)
        .Add("latest_sequence_number", SimpleType.Long));

    public static IEnumerable<object?[]> Snapshots(TableMetadata metadata) =>
        metadata.Snapshots.Select(s => new object?[] { Micros(s.TimestampMs), s.SnapshotId, s.ParentSnapshotId, s.Operation, s.ManifestList, Summary(s) });

    public static IEnumerable<object?[]> History(TableMetadata metadata)
    {
        var ancestors = Ancestors(metadata);
        return metadata.SnapshotLog.Select(e => new object?[]
        {
            Micros(e.TimestampMs), e.SnapshotId, metadata.FindSnapshot(e.SnapshotId)?.ParentSnapshotId, ancestors.Contains(e.SnapshotId),
        });
    }

    public static IEnumerable<object?[]> Refs(TableMetadata metadata) => metadata.Refs.Select(r => new object?[]
    {
        r.Key, r.Value.Type == SnapshotRefType.Branch ? "BRANCH" : "TAG", r.Value.SnapshotId, r.Value.MaxRefAgeMs, r.Value.MinSnapshotsToKeep, r.Value.MaxSnapshotAgeMs,
    });

    public static IEnumerable<object?[]> Properties(TableMetadata metadata) => metadata.Properties.Select(p => new object?[] { p.Key, p.Value });

    /// <summary>Each file with the snapshot that was current when it was made; the snapshot log tells which, as far as snapshots are left.</summary>
    public static IEnumerable<object?[]> MetadataLog(TableMetadata metadata, string metadataLocation) =>
        metadata.MetadataLog.Append(new MetadataLogEntry(metadata.LastUpdatedMs, metadataLocation)).Select(entry =>
        {
            long? snapshotId = metadata.SnapshotLog.FindLast(e => e.TimestampMs <= entry.TimestampMs)?.SnapshotId;
            var snapshot = snapshotId is { } id ? metadata.FindSnapshot(id) : null;
            return new object?[] { Micros(entry.TimestampMs), entry.MetadataFile, snapshotId, snapshot?.SchemaId, snapshot?.SequenceNumber };
        });

    private static Schema Build(Func<ColumnList, ColumnList> add) => add(new ColumnList()).ToSchema();

    private static object Micros(long milliseconds) => milliseconds * 1000;

    // Trino shows the operation in a column of its own only.
    private static object?[] Summary(Snapshot snapshot) =>
        [.. snapshot.Summary.Where(p => p.Key != "operation").Select(p => new object?[] { p.Key, p.Value })];

    private static HashSet<long> Ancestors(TableMetadata metadata)
    {
        var ancestors = new HashSet<long>();
        for (var snapshot = metadata.CurrentSnapshot; snapshot is not null && ancestors.Add(snapshot.SnapshotId);)
            snapshot = snapshot.ParentSnapshotId is { } parent ? metadata.FindSnapshot(parent) : null;
        return ancestors;
    }
}
