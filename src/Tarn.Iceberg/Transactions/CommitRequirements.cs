using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>What must still hold when updates that were made for some metadata are applied.</summary>
public static class CommitRequirements
{
    /// <summary>The requirements of updates made for <paramref name="origin"/>.</summary>
    /// <param name="origin">Metadata before the updates.</param>
    /// <param name="updates">The updates.</param>
    /// <param name="replacesTable">True when schema, layout and main branch are replaced whatever they were.</param>
    public static IReadOnlyList<TableRequirement> Of(TableMetadata origin, IEnumerable<TableUpdate> updates, bool replacesTable = false)
    {
        // Records compare by value: each requirement is said once.
        var requirements = new List<TableRequirement>();
        if (origin.TableUuid is { } uuid)
            requirements.Add(new TableRequirement.AssertTableUuid(uuid));
        foreach (var update in updates)
        {
            foreach (var requirement in Of(origin, update, replacesTable))
            {
                if (!requirements.Contains(requirement))
                    requirements.Add(requirement);
            }
        }

        return requirements;
    }

    private static IEnumerable<TableRequirement> Of(TableMetadata origin, TableUpdate update, bool replaces) => update switch
    {
        TableUpdate.AddSchema => [new TableRequirement.AssertLastAssignedFieldId(origin.LastColumnId)],
        TableUpdate.SetCurrentSchema when !replaces => [new TableRequirement.AssertCurrentSchemaId(origin.CurrentSchemaId)],
        TableUpdate.AddPartitionSpec => [new TableRequirement.AssertLastAssignedPartitionId(origin.LastPartitionId)],
        TableUpdate.SetDefaultSpec when !replaces => [new TableRequirement.AssertDefaultSpecId(origin.DefaultSpecId)],
        TableUpdate.SetDefaultSortOrder when !replaces => [new TableRequirement.AssertDefaultSortOrderId(origin.DefaultSortOrderId)],
        TableUpdate.SetSnapshotRef u when !replaces => [Ref(origin, u.RefName)],
        TableUpdate.RemovePartitionSpecs => [new TableRequirement.AssertDefaultSpecId(origin.DefaultSpecId), .. Branches(origin)],
        TableUpdate.RemoveSchemas => [new TableRequirement.AssertCurrentSchemaId(origin.CurrentSchemaId), .. Branches(origin)],
        _ => [],
    };

    // What no branch uses may become used by a commit to one.
    private static IEnumerable<TableRequirement> Branches(TableMetadata origin) =>
        origin.Refs.Where(r => r.Value.Type == SnapshotRefType.Branch).Select(r => Ref(origin, r.Key));

    private static TableRequirement Ref(TableMetadata origin, string name) =>
        new TableRequirement.AssertRefSnapshotId(name, origin.Refs.TryGetValue(name, out var reference) ? reference.SnapshotId : null);
}
