namespace Tarn.Iceberg.Transactions;

/// <summary>What must hold for a commit to be applied (REST specification, <c>TableRequirement</c>).</summary>
public abstract partial record TableRequirement
{
    private TableRequirement()
    {
    }

    /// <summary>The table does not exist.</summary>
    public sealed record AssertCreate : TableRequirement;

    /// <summary>The table has this uuid.</summary>
    public sealed record AssertTableUuid(Guid Uuid) : TableRequirement;

    /// <summary>The reference points at this snapshot; null: the reference does not exist.</summary>
    public sealed record AssertRefSnapshotId(string Ref, long? SnapshotId) : TableRequirement;

    /// <summary>The highest field id ever assigned.</summary>
    public sealed record AssertLastAssignedFieldId(int LastAssignedFieldId) : TableRequirement;

    /// <summary>The current schema.</summary>
    public sealed record AssertCurrentSchemaId(int CurrentSchemaId) : TableRequirement;

    /// <summary>The highest partition field id ever assigned.</summary>
    public sealed record AssertLastAssignedPartitionId(int LastAssignedPartitionId) : TableRequirement;

    /// <summary>The default partition spec.</summary>
    public sealed record AssertDefaultSpecId(int DefaultSpecId) : TableRequirement;

    /// <summary>The default sort order.</summary>
    public sealed record AssertDefaultSortOrderId(int DefaultSortOrderId) : TableRequirement;
}
