using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// Replaces schema, layout, location and contents of a table, keeping its identity and history (CREATE OR REPLACE TABLE). Columns that keep name and path
/// keep their ids. Properties are added to those that the table has. Must be the first change of its transaction.
/// </summary>
/// <param name="schema">New columns; ids only need to be unique in it.</param>
/// <param name="spec">New partitioning; sources refer to ids of <paramref name="schema"/>.</param>
/// <param name="sortOrder">New sort order; sources refer to ids of <paramref name="schema"/>.</param>
/// <param name="properties">Properties to set.</param>
/// <param name="location">New base location, or null to keep the present one.</param>
public sealed class ReplaceTable(Schema schema, PartitionSpec spec, SortOrder sortOrder, IReadOnlyDictionary<string, string> properties, string? location = null) : MetadataUpdate
{
    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current)
    {
        int last = current.LastColumnId;
        var ids = schema.FieldsById.Keys.Order().ToDictionary(id => id, id => current.CurrentSchema.FindField(schema.FindName(id)!)?.Id ?? ++last);
        var fresh = new Schema(-1, Renumber(schema.Struct.Fields, ids), [.. schema.IdentifierFieldIds.Select(id => ids[id])]);
        var freshSpec = new PartitionSpec(-1, [.. spec.Fields.Select(f => f with { SourceIds = Sources(f.SourceIds, ids), FieldId = -1 })]);
        var freshOrder = new SortOrder(-1, [.. sortOrder.Fields.Select(f => f with { SourceIds = Sources(f.SourceIds, ids) })]);
        List<TableUpdate> updates = [];
        int version = properties.ContainsKey(TableMetadata.FormatVersionProperty) ? TableMetadata.FormatVersionOf(properties) : current.FormatVersion;
        if (version != current.FormatVersion)
            updates.Add(new TableUpdate.UpgradeFormatVersion(version));
        if (current.CurrentSnapshotId is not null)
            updates.Add(new TableUpdate.RemoveSnapshotRef(Snapshot.MainBranch));
        updates.AddRange(
        [
            new TableUpdate.AddSchema(fresh), new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded),
            new TableUpdate.AddPartitionSpec(version == 1 ? WithVoids(freshSpec, current) : freshSpec), new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded),
            new TableUpdate.AddSortOrder(freshOrder), new TableUpdate.SetDefaultSortOrder(TableUpdate.LastAdded),
        ]);
        if (location is not null)
            updates.Add(new TableUpdate.SetLocation(location));
        var kept = properties.Where(p => !TableMetadata.ReservedProperties.Contains(p.Key)).ToDictionary();
        if (kept.Count > 0)
            updates.Add(new TableUpdate.SetProperties(kept));
        return updates;
    }

    private static IReadOnlyList<NestedField> Renumber(IReadOnlyList<NestedField> fields, Dictionary<int, int> ids) =>
        [.. fields.Select(f => f with { Id = ids[f.Id], Type = f.Type.WithChildren(Renumber(f.Type.Children(), ids)) })];

    private static IReadOnlyList<int> Sources(IReadOnlyList<int> sources, Dictionary<int, int> ids) =>
        [.. sources.Select(id => ids.TryGetValue(id, out int fresh) ? fresh : throw TarnException.Invalid($"Column {id}, by which the table is to be partitioned or sorted, is not in its schema."))];

    // Version 1 never drops a partition field: those of the present spec stay in place, void unless the new spec has them.
    private static PartitionSpec WithVoids(PartitionSpec spec, TableMetadata current)
    {
        var added = spec.Fields.ToList();
        List<PartitionField> fields = [];
        foreach (var field in current.DefaultSpec.Fields)
        {
            int same = added.FindIndex(f => f.Transform == field.Transform && f.SourceIds.SequenceEqual(field.SourceIds));
            if (same >= 0)
            {
                fields.Add(added[same] with { FieldId = field.FieldId });
                added.RemoveAt(same);
            }
            else
            {
                string name = spec.Fields.Any(f => f.Name == field.Name) ? $"{field.Name}_{field.FieldId}" : field.Name;
                fields.Add(field with { Name = name, Transform = Transform.Void });
            }
        }

        int next = current.LastPartitionId;
        fields.AddRange(added.Select(f => f with { FieldId = ++next }));
        return new PartitionSpec(-1, fields);
    }
}
