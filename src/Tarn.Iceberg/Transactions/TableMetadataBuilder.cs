using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// Applies <see cref="TableUpdate"/>s to table metadata, with the rules of the specification. Used by every catalog:
/// a commit is data, and this is what it means. Not thread-safe; used for one commit.
/// </summary>
/// <remarks>Errors are InvalidRequest, or <see cref="CommitConflictException"/> where re-applying on fresh metadata can help.</remarks>
public sealed partial class TableMetadataBuilder
{
    private const string MaxPreviousVersions = "write.metadata.previous-versions-max";
    private const int MaxPreviousVersionsDefault = 100;

    private readonly TableMetadata? origin;
    private readonly long nowMs;
    private readonly HashSet<long> addedSnapshots = [];
    private readonly HashSet<long> intermediateSnapshots = [];
    private TableMetadata state;
    private int? lastAddedSchemaId;
    private int? lastAddedSpecId;
    private int? lastAddedOrderId;
    private bool layoutChanged;
    private bool snapshotsRemoved;

    /// <summary>Starts from existing metadata, or from nothing to create a table.</summary>
    /// <param name="origin">The metadata to change; null creates.</param>
    /// <param name="now">Time of the change.</param>
    public TableMetadataBuilder(TableMetadata? origin, DateTimeOffset now)
    {
        this.origin = origin;
        // Clocks go back; the logs of a table must not.
        nowMs = Math.Max(now.ToUnixTimeMilliseconds(), Math.Max(origin?.LastUpdatedMs ?? 0, origin?.SnapshotLog.LastOrDefault()?.TimestampMs ?? 0));
        state = origin ?? Empty(nowMs);
    }

    /// <summary>
    /// Applies all updates of a commit in order.
    /// </summary>
    /// <param name="origin">The metadata that the commit is based on; null creates a table.</param>
    /// <param name="updates">The updates.</param>
    /// <param name="now">Time of the commit.</param>
    /// <param name="originLocation">Metadata file of <paramref name="origin"/>, for the metadata log; null writes no entry.</param>
    /// <returns>The new metadata; <paramref name="origin"/> itself when nothing changed.</returns>
    /// <exception cref="TarnException">InvalidRequest naming the update's value and the rule that it breaks.</exception>
    /// <exception cref="CommitConflictException">A snapshot was made for older metadata.</exception>
    public static TableMetadata Apply(TableMetadata? origin, IEnumerable<TableUpdate> updates, DateTimeOffset now, string? originLocation = null)
    {
        var builder = new TableMetadataBuilder(origin, now);
        foreach (var update in updates)
            builder.Apply(update);
        return builder.Build(originLocation);
    }

    /// <summary>The updates that create a table with exactly this metadata (which has no snapshots), for a commit with <see cref="TableRequirement.AssertCreate"/>.</summary>
    public static IReadOnlyList<TableUpdate> CreationUpdates(TableMetadata metadata)
    {
        List<TableUpdate> updates =
        [
            new TableUpdate.AssignUuid(metadata.TableUuid ?? throw new ArgumentException("A new table needs a uuid.", nameof(metadata))),
            new TableUpdate.UpgradeFormatVersion(metadata.FormatVersion),
            new TableUpdate.AddSchema(metadata.CurrentSchema),
            new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded),
            new TableUpdate.AddPartitionSpec(metadata.DefaultSpec),
            new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded),
            new TableUpdate.AddSortOrder(metadata.DefaultSortOrder),
            new TableUpdate.SetDefaultSortOrder(TableUpdate.LastAdded),
            new TableUpdate.SetLocation(metadata.Location),
        ];
        if (metadata.Properties.Count > 0)
            updates.Add(new TableUpdate.SetProperties(metadata.Properties));
        return updates;
    }

    /// <summary>Applies one update.</summary>
    public TableMetadataBuilder Apply(TableUpdate update)
    {
        switch (update)
        {
            case TableUpdate.AssignUuid u:
                AssignUuid(u.Uuid);
                break;
            case TableUpdate.UpgradeFormatVersion u:
                UpgradeFormatVersion(u.FormatVersion);
                break;
            case TableUpdate.AddSchema u:
                AddSchema(u.Schema);
                break;
            case TableUpdate.SetCurrentSchema u:
                SetCurrentSchema(u.SchemaId);
                break;
            case TableUpdate.AddPartitionSpec u:
                AddPartitionSpec(u.Spec);
                break;
            case TableUpdate.SetDefaultSpec u:
                SetDefaultSpec(u.SpecId);
                break;
            case TableUpdate.AddSortOrder u:
                AddSortOrder(u.SortOrder);
                break;
            case TableUpdate.SetDefaultSortOrder u:
                SetDefaultSortOrder(u.SortOrderId);
                break;
            case TableUpdate.AddSnapshot u:
                AddSnapshot(u.Snapshot);
                break;
            case TableUpdate.SetSnapshotRef u:
                SetRef(u.RefName, u.Ref);
                break;
            case TableUpdate.RemoveSnapshots u:
                RemoveSnapshots(u.SnapshotIds);
                break;
            case TableUpdate.RemoveSnapshotRef u:
                RemoveRef(u.RefName);
                break;
            default:
                ApplyOther(update);
                break;
        }

        return this;
    }

    /// <summary>The metadata after all updates; the original instance when nothing changed.</summary>
    /// <param name="originLocation">Metadata file of the original, for the metadata log; null writes no entry.</param>
    public TableMetadata Build(string? originLocation = null)
    {
        if (ReferenceEquals(state, origin))
            return origin;
        if (origin is null)
            CheckComplete();
        if (layoutChanged)
        {
            LayoutRules.Check(state.DefaultSpec, state.CurrentSchema, state.FormatVersion, state.PartitionSpecs);
            LayoutRules.Check(state.DefaultSortOrder, state.CurrentSchema, state.SortOrders);
        }

        return state with
        {
            LastUpdatedMs = nowMs,
            SnapshotLog = FinalSnapshotLog(),
            MetadataLog = originLocation is null || origin is null
                ? state.MetadataLog
                : Trimmed(state.MetadataLog.Add(new MetadataLogEntry(origin.LastUpdatedMs, originLocation))),
        };
    }

    private static TableMetadata Empty(long nowMs) => new()
    {
        FormatVersion = TableMetadata.DefaultFormatVersion,
        Location = "",
        LastUpdatedMs = nowMs,
        LastColumnId = 0,
        Schemas = [],
        CurrentSchemaId = -1,
        PartitionSpecs = [],
        DefaultSpecId = -1,
        LastPartitionId = PartitionSpec.FirstFieldId - 1,
        SortOrders = [],
        DefaultSortOrderId = -1,
    };

    private void CheckComplete()
    {
        string? missing = state switch
        {
            { TableUuid: null } => "assign-uuid",
            { Location: "" } => "set-location",
            { CurrentSchemaId: < 0 } => "add-schema and set-current-schema",
            { DefaultSpecId: < 0 } => "add-spec and set-default-spec",
            { DefaultSortOrderId: < 0 } => "add-sort-order and set-default-sort-order",
            _ => null,
        };
        if (missing is not null)
            throw TarnException.Invalid($"The table cannot be created: the commit lacks {missing}.");
    }

    private ImmutableList<MetadataLogEntry> Trimmed(ImmutableList<MetadataLogEntry> log)
    {
        int max = int.TryParse(state.Properties.GetValueOrDefault(MaxPreviousVersions), out int value) ? Math.Max(1, value) : MaxPreviousVersionsDefault;
        return log.Count > max ? log.RemoveRange(0, log.Count - max) : log;
    }
}
