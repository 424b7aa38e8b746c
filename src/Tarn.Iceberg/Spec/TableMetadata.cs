using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Spec;

/// <summary>Table metadata ("Table Metadata Fields"): the immutable state of a table at one commit. Change it by applying updates, never by hand.</summary>
public sealed partial record TableMetadata
{
    // Made when a snapshot is added, and handed on from commit to commit: who commits often looks for snapshots often, who reads once is faster without.
    private SnapshotIndex ById { get; init; }

    /// <summary>The newest format version that can be read and written.</summary>
    public const int MaxFormatVersion = 3;

    /// <summary>The format version of tables created without saying one.</summary>
    public const int DefaultFormatVersion = 2;

    /// <summary>1, 2 or 3.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Identity of the table; null only in old version 1 metadata.</summary>
    public Guid? TableUuid { get; init; }

    /// <summary>Base location, without trailing slash as far as the writer left it so.</summary>
    public required string Location { get; init; }

    /// <summary>Highest sequence number; 0 in version 1.</summary>
    public long LastSequenceNumber { get; init; }

    /// <summary>Milliseconds from 1970 UTC.</summary>
    public required long LastUpdatedMs { get; init; }

    /// <summary>Highest field id ever assigned.</summary>
    public required int LastColumnId { get; init; }

    /// <summary>All schemas by list order.</summary>
    public required ImmutableList<Schema> Schemas { get; init; }

    /// <summary>Id of the current one.</summary>
    public required int CurrentSchemaId { get; init; }

    /// <summary>All partition specs.</summary>
    public required ImmutableList<PartitionSpec> PartitionSpecs { get; init; }

    /// <summary>Id of the one that writers use.</summary>
    public required int DefaultSpecId { get; init; }

    /// <summary>Highest partition field id ever assigned; 999 when none.</summary>
    public required int LastPartitionId { get; init; }

    /// <summary>All sort orders.</summary>
    public required ImmutableList<SortOrder> SortOrders { get; init; }

    /// <summary>Id of the one that writers use.</summary>
    public required int DefaultSortOrderId { get; init; }

    /// <summary>Table properties.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Id of the head of <c>main</c>, or null without snapshot.</summary>
    public long? CurrentSnapshotId { get; init; }

    /// <summary>All known snapshots.</summary>
    public ImmutableList<Snapshot> Snapshots
    {
        get;
        init
        {
            field = value;
            ById = default;
        }
    } = [];

    /// <summary>When which snapshot became current, oldest first.</summary>
    public ImmutableList<SnapshotLogEntry> SnapshotLog { get; init; } = [];

    /// <summary>Former metadata files, oldest first.</summary>
    public ImmutableList<MetadataLogEntry> MetadataLog { get; init; } = [];

    /// <summary>Branches and tags by name; <c>main</c> is there whenever there is a current snapshot.</summary>
    public ImmutableSortedDictionary<string, SnapshotRef> Refs { get; init; } = ImmutableSortedDictionary.Create<string, SnapshotRef>(StringComparer.Ordinal);

    /// <summary>Table statistics files.</summary>
    public ImmutableList<StatisticsFile> Statistics { get; init; } = [];

    /// <summary>Partition statistics files.</summary>
    public ImmutableList<PartitionStatisticsFile> PartitionStatistics { get; init; } = [];

    /// <summary>Row id that the next row gets; 0 before version 3.</summary>
    public long NextRowId { get; init; }

    /// <summary>Encryption keys; kept as read. Version 3.</summary>
    public ImmutableList<EncryptedKey> EncryptionKeys { get; init; } = [];

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>The current schema.</summary>
    public Schema CurrentSchema => Schema(CurrentSchemaId);

    /// <summary>The spec that writers use.</summary>
    public PartitionSpec DefaultSpec => Spec(DefaultSpecId);

    /// <summary>The sort order that writers use.</summary>
    public SortOrder DefaultSortOrder =>
        SortOrders.Find(o => o.OrderId == DefaultSortOrderId) ?? throw Missing($"default sort order {DefaultSortOrderId}");

    /// <summary>The head of <c>main</c>, or null.</summary>
    public Snapshot? CurrentSnapshot => CurrentSnapshotId is { } id ? FindSnapshot(id) ?? throw Missing($"current snapshot {id}") : null;

    /// <summary>The schema with this id.</summary>
    /// <exception cref="TarnException">DataCorrupted when there is none.</exception>
    public Schema Schema(int schemaId) => Schemas.Find(s => s.SchemaId == schemaId) ?? throw Missing($"schema {schemaId}");

    /// <summary>The partition spec with this id.</summary>
    /// <exception cref="TarnException">DataCorrupted when there is none.</exception>
    public PartitionSpec Spec(int specId) => PartitionSpecs.Find(s => s.SpecId == specId) ?? throw Missing($"partition spec {specId}");

    /// <summary>The snapshot with this id, or null.</summary>
    public Snapshot? FindSnapshot(long snapshotId) =>
        ById.Snapshots is { } known ? known.GetValueOrDefault(snapshotId) : Snapshots.Find(s => s.SnapshotId == snapshotId);

    /// <summary>The metadata with one more snapshot, which it does not have.</summary>
    internal TableMetadata WithSnapshot(Snapshot snapshot) =>
        this with { Snapshots = Snapshots.Add(snapshot), ById = new((ById.Snapshots ?? Index()).SetItem(snapshot.SnapshotId, snapshot)) };

    private ImmutableDictionary<long, Snapshot> Index()
    {
        var index = ImmutableDictionary.CreateBuilder<long, Snapshot>();
        foreach (var snapshot in Snapshots)
            index.TryAdd(snapshot.SnapshotId, snapshot);
        return index.ToImmutable();
    }

    private TarnException Missing(string what) =>
        TarnException.Corrupted($"Table metadata at '{Location}' has no {what} that it refers to. The metadata file is damaged; register an earlier one.");

    // Says nothing that the list of snapshots does not say, so that it counts neither in equality nor in hashes.
    private readonly record struct SnapshotIndex(ImmutableDictionary<long, Snapshot>? Snapshots)
    {
        public bool Equals(SnapshotIndex other) => true;

        public override int GetHashCode() => 0;
    }
}
