using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <content>Checking.</content>
public abstract partial record TableRequirement
{
    /// <summary>Checks the requirement against the present state of the table.</summary>
    /// <param name="metadata">Present metadata; null when there is no table.</param>
    /// <exception cref="CommitConflictException">It does not hold; the message says what was expected and found.</exception>
    public void Validate(TableMetadata? metadata)
    {
        if (this is AssertCreate)
        {
            if (metadata is not null)
                throw new CommitConflictException($"Requirement failed: the table must not exist, but it does (uuid {metadata.TableUuid}).");
            return;
        }

        if (metadata is null)
            throw new CommitConflictException("Requirement failed: the table does not exist.");
        switch (this)
        {
            case AssertTableUuid r:
                Same("table uuid", r.Uuid.ToString(), metadata.TableUuid?.ToString());
                break;
            case AssertRefSnapshotId r:
                Same($"snapshot of '{r.Ref}'", r.SnapshotId?.ToString(), metadata.Refs.GetValueOrDefault(r.Ref)?.SnapshotId.ToString());
                break;
            case AssertLastAssignedFieldId r:
                Same("last assigned field id", r.LastAssignedFieldId, metadata.LastColumnId);
                break;
            case AssertCurrentSchemaId r:
                Same("current schema id", r.CurrentSchemaId, metadata.CurrentSchemaId);
                break;
            case AssertLastAssignedPartitionId r:
                Same("last assigned partition field id", r.LastAssignedPartitionId, metadata.LastPartitionId);
                break;
            case AssertDefaultSpecId r:
                Same("default partition spec id", r.DefaultSpecId, metadata.DefaultSpecId);
                break;
            case AssertDefaultSortOrderId r:
                Same("default sort order id", r.DefaultSortOrderId, metadata.DefaultSortOrderId);
                break;
        }
    }

    /// <summary>Whether the requirement holds in the present state of the table.</summary>
    /// <param name="metadata">Present metadata; null when there is no table.</param>
    public bool IsMet(TableMetadata? metadata) => this is AssertCreate ? metadata is null : metadata is not null && this switch
    {
        AssertTableUuid r => metadata.TableUuid == r.Uuid,
        AssertRefSnapshotId r => metadata.Refs.GetValueOrDefault(r.Ref)?.SnapshotId == r.SnapshotId,
        AssertLastAssignedFieldId r => metadata.LastColumnId == r.LastAssignedFieldId,
        AssertCurrentSchemaId r => metadata.CurrentSchemaId == r.CurrentSchemaId,
        AssertLastAssignedPartitionId r => metadata.LastPartitionId == r.LastAssignedPartitionId,
        AssertDefaultSpecId r => metadata.DefaultSpecId == r.DefaultSpecId,
        AssertDefaultSortOrderId r => metadata.DefaultSortOrderId == r.DefaultSortOrderId,
        _ => false,
    };

    private static void Same<T>(string what, T? expected, T? found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
            throw new CommitConflictException($"Requirement failed: {what} expected {Shown(expected)}, found {Shown(found)}. The table changed; refresh and re-apply.");
    }

    private static string Shown<T>(T? value) => value?.ToString() ?? "none";
}
