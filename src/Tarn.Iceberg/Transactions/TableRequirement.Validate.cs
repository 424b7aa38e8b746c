using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <content>Checking.</content>
public abstract partial record TableRequirement
{
    /// <summary>Checks the requirement against the present state of the table.</summary>
    /// <param name="metadata">Present metadata; null when there is no table.</param>
    /// <param name="table">The table's name for the message, where one commit can change several; null for none.</param>
    /// <exception cref="CommitConflictException">It does not hold; the message says what was expected and found.</exception>
    public void Validate(TableMetadata? metadata, string? table = null)
    {
        if (IsMet(metadata))
            return;
        throw new CommitConflictException($"Requirement failed: {Failure(metadata)}. {(table is null ? "The table" : $"Table '{table}'")} changed; refresh and re-apply.");
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

    // The words that Iceberg's Java implementation has for it, by which people look for help.
    private string Failure(TableMetadata? metadata) => this switch
    {
        AssertCreate => "table already exists",
        _ when metadata is null => "the table does not exist",
        AssertTableUuid r => $"UUID does not match: expected {metadata.TableUuid?.ToString() ?? "none"} != {r.Uuid}",
        AssertRefSnapshotId r => RefFailure(r, metadata.Refs.GetValueOrDefault(r.Ref)),
        AssertLastAssignedFieldId r => $"last assigned field id changed: expected id {r.LastAssignedFieldId} != {metadata.LastColumnId}",
        AssertCurrentSchemaId r => $"current schema changed: expected id {r.CurrentSchemaId} != {metadata.CurrentSchemaId}",
        AssertLastAssignedPartitionId r => $"last assigned partition id changed: expected id {r.LastAssignedPartitionId} != {metadata.LastPartitionId}",
        AssertDefaultSpecId r => $"default partition spec changed: expected id {r.DefaultSpecId} != {metadata.DefaultSpecId}",
        AssertDefaultSortOrderId r => $"default sort order changed: expected id {r.DefaultSortOrderId} != {metadata.DefaultSortOrderId}",
        _ => ToString(),
    };

    private static string RefFailure(AssertRefSnapshotId expected, SnapshotRef? found) =>
        found is null ? $"branch or tag {expected.Ref} is missing, expected {expected.SnapshotId}"
        : expected.SnapshotId is { } id ? $"{found.Type.ToString().ToLowerInvariant()} {expected.Ref} has changed: expected id {id} != {found.SnapshotId}"
        : $"{found.Type.ToString().ToLowerInvariant()} {expected.Ref} was created concurrently";
}
