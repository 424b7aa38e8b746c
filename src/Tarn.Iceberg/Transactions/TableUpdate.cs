using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>A change of table metadata as data (REST specification, <c>TableUpdate</c>).</summary>
public abstract record TableUpdate
{
    /// <summary>Stands for the schema, spec or sort order that an earlier update of the same commit added.</summary>
    public const int LastAdded = -1;

    private TableUpdate()
    {
    }

    /// <summary>Gives the table its uuid.</summary>
    public sealed record AssignUuid(Guid Uuid) : TableUpdate;

    /// <summary>Raises the format version.</summary>
    public sealed record UpgradeFormatVersion(int FormatVersion) : TableUpdate;

    /// <summary>Adds a schema; its id is assigned when it is -1 or taken by another schema.</summary>
    public sealed record AddSchema(Schema Schema) : TableUpdate;

    /// <summary>Makes a schema current; <see cref="LastAdded"/> is allowed.</summary>
    public sealed record SetCurrentSchema(int SchemaId) : TableUpdate;

    /// <summary>Adds a partition spec.</summary>
    public sealed record AddPartitionSpec(PartitionSpec Spec) : TableUpdate;

    /// <summary>Makes a spec the default; <see cref="LastAdded"/> is allowed.</summary>
    public sealed record SetDefaultSpec(int SpecId) : TableUpdate;

    /// <summary>Adds a sort order.</summary>
    public sealed record AddSortOrder(SortOrder SortOrder) : TableUpdate;

    /// <summary>Makes a sort order the default; <see cref="LastAdded"/> is allowed.</summary>
    public sealed record SetDefaultSortOrder(int SortOrderId) : TableUpdate;

    /// <summary>Adds a snapshot without making it current.</summary>
    public sealed record AddSnapshot(Snapshot Snapshot) : TableUpdate;

    /// <summary>Creates or moves a branch or tag.</summary>
    public sealed record SetSnapshotRef(string RefName, SnapshotRef Ref) : TableUpdate;

    /// <summary>Forgets snapshots.</summary>
    public sealed record RemoveSnapshots(IReadOnlyList<long> SnapshotIds) : TableUpdate;

    /// <summary>Removes a branch or tag.</summary>
    public sealed record RemoveSnapshotRef(string RefName) : TableUpdate;

    /// <summary>Moves the base location.</summary>
    public sealed record SetLocation(string Location) : TableUpdate;

    /// <summary>Sets properties.</summary>
    public sealed record SetProperties(IReadOnlyDictionary<string, string> Updates) : TableUpdate;

    /// <summary>Removes properties.</summary>
    public sealed record RemoveProperties(IReadOnlyList<string> Removals) : TableUpdate;

    /// <summary>Sets the statistics of a snapshot.</summary>
    public sealed record SetStatistics(StatisticsFile Statistics) : TableUpdate;

    /// <summary>Removes the statistics of a snapshot.</summary>
    public sealed record RemoveStatistics(long SnapshotId) : TableUpdate;

    /// <summary>Sets the partition statistics of a snapshot.</summary>
    public sealed record SetPartitionStatistics(PartitionStatisticsFile PartitionStatistics) : TableUpdate;

    /// <summary>Removes the partition statistics of a snapshot.</summary>
    public sealed record RemovePartitionStatistics(long SnapshotId) : TableUpdate;

    /// <summary>Removes partition specs that no file uses; not the default one.</summary>
    public sealed record RemovePartitionSpecs(IReadOnlyList<int> SpecIds) : TableUpdate;

    /// <summary>Removes schemas; not the current one.</summary>
    public sealed record RemoveSchemas(IReadOnlyList<int> SchemaIds) : TableUpdate;

    /// <summary>Adds an encryption key.</summary>
    public sealed record AddEncryptionKey(EncryptedKey EncryptionKey) : TableUpdate;

    /// <summary>Removes an encryption key.</summary>
    public sealed record RemoveEncryptionKey(string KeyId) : TableUpdate;
}
