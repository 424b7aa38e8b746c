using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <content>Snapshots and references.</content>
public sealed partial class TableMetadataBuilder
{
    private void AddSnapshot(Snapshot snapshot)
    {
        // Who creates a table may say last which of them are the current ones.
        if (state.Schemas.Count == 0 || state.PartitionSpecs.Count == 0 || state.SortOrders.Count == 0)
            throw TarnException.Invalid($"Snapshot {snapshot.SnapshotId} cannot be added before the table has a schema, a partition spec and a sort order.");
        if (state.FindSnapshot(snapshot.SnapshotId) is not null)
            throw TarnException.Invalid($"Snapshot {snapshot.SnapshotId} cannot be added: the table has one with this id.");
        // A snapshot without parent may replay an old sequence number (a table that was rebuilt from its files).
        if (state.FormatVersion > 1 && snapshot.ParentSnapshotId is not null && snapshot.SequenceNumber <= state.LastSequenceNumber)
        {
            throw new CommitConflictException(
                $"Snapshot {snapshot.SnapshotId} cannot be added: its sequence number {snapshot.SequenceNumber} is not above the table's last one, {state.LastSequenceNumber}. Somebody committed in between; refresh and re-apply.");
        }

        long nextRowId = state.NextRowId;
        if (state.FormatVersion >= 3)
            nextRowId += CheckedAddedRows(snapshot);
        addedSnapshots.Add(snapshot.SnapshotId);
        state = state.WithSnapshot(snapshot) with
        {
            LastSequenceNumber = state.FormatVersion == 1 ? 0 : Math.Max(state.LastSequenceNumber, snapshot.SequenceNumber),
            NextRowId = nextRowId,
        };
    }

    private long CheckedAddedRows(Snapshot snapshot)
    {
        if (snapshot.FirstRowId is not { } first)
            throw TarnException.Invalid($"Snapshot {snapshot.SnapshotId} cannot be added: first-row-id is missing, which format version 3 requires.");
        if (first < state.NextRowId)
        {
            throw new CommitConflictException(
                $"Snapshot {snapshot.SnapshotId} cannot be added: its first-row-id {first} is behind the table's next-row-id {state.NextRowId}. Somebody committed in between; refresh and re-apply.");
        }

        return snapshot.AddedRows is >= 0 and { } added
            ? first - state.NextRowId + added
            : throw TarnException.Invalid($"Snapshot {snapshot.SnapshotId} cannot be added: added-rows is {snapshot.AddedRows?.ToString() ?? "missing"}, and format version 3 requires 0 or more.");
    }

    private void SetRef(string name, SnapshotRef reference)
    {
        if (state.Refs.TryGetValue(name, out var existing) && existing == reference)
            return;
        if (name.Length == 0)
            throw TarnException.Invalid("A branch or tag must have a name.");
        var snapshot = state.FindSnapshot(reference.SnapshotId)
            ?? throw TarnException.Invalid($"'{name}' cannot be set to snapshot {reference.SnapshotId}: the table has no such snapshot.");
        CheckRetention(name, reference);
        if (name == Snapshot.MainBranch)
            SetMain(snapshot, reference);
        state = state with { Refs = state.Refs.SetItem(name, reference) };
    }

    private static void CheckRetention(string name, SnapshotRef reference)
    {
        if (reference.Type == SnapshotRefType.Tag && (reference.MinSnapshotsToKeep is not null || reference.MaxSnapshotAgeMs is not null))
            throw TarnException.Invalid($"Tag '{name}' cannot say how many snapshots to keep or how old they may get: only branches have snapshots.");
        if (reference.MinSnapshotsToKeep <= 0 || reference.MaxSnapshotAgeMs <= 0 || reference.MaxRefAgeMs <= 0)
            throw TarnException.Invalid($"'{name}': min-snapshots-to-keep, max-snapshot-age-ms and max-ref-age-ms must be above 0.");
    }

    private void SetMain(Snapshot snapshot, SnapshotRef reference)
    {
        if (reference.Type != SnapshotRefType.Branch)
            throw TarnException.Invalid("'main' cannot be a tag; it must be a branch.");
        if (state.CurrentSnapshotId is { } replaced && addedSnapshots.Contains(replaced) && replaced != snapshot.SnapshotId)
            intermediateSnapshots.Add(replaced);
        intermediateSnapshots.Remove(snapshot.SnapshotId);
        if (state.CurrentSnapshotId == snapshot.SnapshotId)
            return;

        // A rollback happens now; a new snapshot became current when it was made, unless clocks say it was before its predecessor.
        long lastMs = state.SnapshotLog.LastOrDefault()?.TimestampMs ?? 0;
        long timestampMs = addedSnapshots.Contains(snapshot.SnapshotId) ? Math.Max(snapshot.TimestampMs, lastMs) : nowMs;
        state = state with
        {
            CurrentSnapshotId = snapshot.SnapshotId,
            SnapshotLog = state.SnapshotLog.Add(new SnapshotLogEntry(timestampMs, snapshot.SnapshotId)),
        };
    }

    private void RemoveRef(string name)
    {
        if (!state.Refs.ContainsKey(name))
            return;
        state = state with
        {
            Refs = state.Refs.Remove(name),
            CurrentSnapshotId = name == Snapshot.MainBranch ? null : state.CurrentSnapshotId,
        };
    }

    private void RemoveSnapshots(IReadOnlyList<long> snapshotIds)
    {
        var ids = snapshotIds.Where(id => state.FindSnapshot(id) is not null).ToHashSet();
        if (ids.Count == 0)
            return;
        snapshotsRemoved = true;
        state = state with
        {
            Snapshots = state.Snapshots.RemoveAll(s => ids.Contains(s.SnapshotId)),
            Statistics = state.Statistics.RemoveAll(s => ids.Contains(s.SnapshotId)),
            PartitionStatistics = state.PartitionStatistics.RemoveAll(s => ids.Contains(s.SnapshotId)),
        };
        foreach (string name in state.Refs.Where(r => ids.Contains(r.Value.SnapshotId)).Select(r => r.Key).ToArray())
            RemoveRef(name);
    }

    // Entries of snapshots that were current only within this commit never were visible. A gap left by a removed snapshot would make time travel
    // lie about the time of the gap, so everything before it goes as well.
    private ImmutableList<SnapshotLogEntry> FinalSnapshotLog()
    {
        if (intermediateSnapshots.Count == 0 && !snapshotsRemoved)
            return state.SnapshotLog;
        var ids = state.Snapshots.Select(s => s.SnapshotId).ToHashSet();
        var log = ImmutableList.CreateBuilder<SnapshotLogEntry>();
        foreach (var entry in state.SnapshotLog)
        {
            if (!ids.Contains(entry.SnapshotId))
                log.Clear();
            else if (!intermediateSnapshots.Contains(entry.SnapshotId))
                log.Add(entry);
        }

        return log.ToImmutable();
    }
}
