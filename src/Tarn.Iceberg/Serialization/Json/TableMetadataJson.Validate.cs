using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <content>What must hold between the fields of table metadata.</content>
public static partial class TableMetadataJson
{
    /// <summary>Clocks of writers differ: entries of the logs may go back by this much.</summary>
    private const long ClockToleranceMs = 60_000;

    private static void Validate(TableMetadata metadata, JsonPlace place)
    {
        ValidateIds(metadata, place);
        ValidateSources(metadata, place);
        ValidateSnapshots(metadata, place);
        ValidateLogs(metadata, place);
    }

    private static void ValidateIds(TableMetadata metadata, JsonPlace place)
    {
        Unique(metadata.Schemas.Select(s => (long)s.SchemaId), place.Property("schemas"), "schema-id");
        Unique(metadata.PartitionSpecs.Select(s => (long)s.SpecId), place.Property("partition-specs"), "spec-id");
        Unique(metadata.SortOrders.Select(s => (long)s.OrderId), place.Property("sort-orders"), "order-id");
        Unique(metadata.Snapshots.Select(s => s.SnapshotId), place.Property("snapshots"), "snapshot-id");
        if (!metadata.Schemas.Exists(s => s.SchemaId == metadata.CurrentSchemaId))
            throw place.Property("current-schema-id").Error($"schemas hold no schema {metadata.CurrentSchemaId}");
        if (!metadata.PartitionSpecs.Exists(s => s.SpecId == metadata.DefaultSpecId))
            throw place.Property("default-spec-id").Error($"partition-specs hold no spec {metadata.DefaultSpecId}");
        if (!metadata.SortOrders.Exists(s => s.OrderId == metadata.DefaultSortOrderId))
            throw place.Property("default-sort-order-id").Error($"sort-orders hold no order {metadata.DefaultSortOrderId}");
    }

    private static void Unique(IEnumerable<long> ids, JsonPlace place, string name)
    {
        var seen = new HashSet<long>();
        foreach (long id in ids)
        {
            if (!seen.Add(id))
                throw place.Error($"{name} {id} occurs twice");
        }
    }

    // Only what writers use must fit the current schema; older specs and orders may name columns that are gone.
    private static void ValidateSources(TableMetadata metadata, JsonPlace place)
    {
        var schema = metadata.CurrentSchema;
        foreach (var field in metadata.DefaultSpec.Fields)
        {
            if (field.Transform.Kind is TransformKind.Void or TransformKind.Unknown)
                continue;
            foreach (int id in field.SourceIds)
            {
                if (schema.FindField(id) is null)
                    throw place.Property("partition-specs").Error($"field '{field.Name}' of the default spec {metadata.DefaultSpecId} has the source id {id}, and the current schema has no such field");
            }
        }

        foreach (int id in metadata.DefaultSortOrder.Fields.Where(f => f.Transform.Kind != TransformKind.Unknown).SelectMany(f => f.SourceIds))
        {
            if (schema.FindField(id) is null)
                throw place.Property("sort-orders").Error($"the default order {metadata.DefaultSortOrderId} has the source id {id}, and the current schema has no such field");
        }
    }

    private static void ValidateSnapshots(TableMetadata metadata, JsonPlace place)
    {
        var ids = metadata.Snapshots.Select(s => s.SnapshotId).ToHashSet();
        foreach (var snapshot in metadata.Snapshots)
        {
            if (metadata.FormatVersion > 1 && snapshot.SequenceNumber > metadata.LastSequenceNumber)
                throw place.Property("snapshots").Error($"snapshot {snapshot.SnapshotId} has sequence number {snapshot.SequenceNumber}, above last-sequence-number {metadata.LastSequenceNumber}");
        }

        if (metadata.CurrentSnapshotId is { } current && !ids.Contains(current))
            throw place.Property("current-snapshot-id").Error($"snapshots hold no snapshot {current}");
        foreach (var (name, reference) in metadata.Refs)
        {
            if (!ids.Contains(reference.SnapshotId))
                throw place.Property("refs").Property(name).Error($"snapshots hold no snapshot {reference.SnapshotId}");
        }

        if (metadata.Refs.TryGetValue(Snapshot.MainBranch, out var main) && main.SnapshotId != metadata.CurrentSnapshotId)
        {
            throw place.Property("refs").Property(Snapshot.MainBranch).Error(
                $"the main branch is at {main.SnapshotId}, but current-snapshot-id is {metadata.CurrentSnapshotId?.ToString() ?? "not set"}");
        }
    }

    private static void ValidateLogs(TableMetadata metadata, JsonPlace place)
    {
        Ascending(metadata.SnapshotLog.Select(e => e.TimestampMs), place.Property("snapshot-log"));
        Ascending(metadata.MetadataLog.Select(e => e.TimestampMs), place.Property("metadata-log"));

        void Ascending(IEnumerable<long> timestamps, JsonPlace log)
        {
            long previous = long.MinValue;
            foreach (long timestamp in timestamps)
            {
                if (previous != long.MinValue && timestamp < previous - ClockToleranceMs)
                    throw log.Error($"entry of {timestamp} follows one of {previous}; entries must ascend");
                previous = timestamp;
            }

            if (previous != long.MinValue && metadata.LastUpdatedMs < previous - ClockToleranceMs)
                throw log.Error($"the last entry is of {previous}, after last-updated-ms {metadata.LastUpdatedMs}");
        }
    }
}
