using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>
/// Changes how new files are partitioned ("Partition Evolution"); existing files stay as they are. In version 1 a removed field stays as <c>void</c>,
/// later versions drop it; a field that an earlier spec had gets its old id again.
/// </summary>
public sealed class UpdatePartitionSpec : MetadataUpdate
{
    private readonly List<Func<Draft, Draft>> operations = [];

    /// <summary>Adds a partition field.</summary>
    /// <param name="column">Path of the source column, found as <see cref="Schema.ResolveField"/> does.</param>
    /// <param name="transform">Its transform.</param>
    /// <param name="name">Name, or null for the usual one (<see cref="DefaultName"/>).</param>
    public UpdatePartitionSpec AddField(string column, Transform transform, string? name = null) => Then(d => Add(d, column, transform, name));

    /// <summary>Removes the partition field with this name.</summary>
    public UpdatePartitionSpec RemoveField(string name) => Then(d => Remove(d, d.Fields.FindIndex(f => f.Name == name && f.Transform.Kind != TransformKind.Void), name));

    /// <summary>Removes the partition field with this source and transform.</summary>
    public UpdatePartitionSpec RemoveField(string column, Transform transform) =>
        Then(d => Remove(d, d.Fields.FindIndex(f => f.Transform == transform && f.SourceId == Source(d, column)), $"{transform}({column})"));

    /// <summary>Renames a partition field.</summary>
    public UpdatePartitionSpec RenameField(string name, string newName) => Then(d => Rename(d, name, newName));

    /// <summary>Removes all fields.</summary>
    public UpdatePartitionSpec RemoveAll() => Then(d => d.Fields.Where(f => f.Transform.Kind != TransformKind.Void).Select(f => f.Name).ToArray()
        .Aggregate(d, (draft, name) => Remove(draft, draft.Fields.FindIndex(f => f.Name == name && f.Transform.Kind != TransformKind.Void), name)));

    /// <summary>The usual name: <c>ts_day</c>, <c>id_bucket_16</c>, <c>name_trunc_4</c>; of identity the column's own.</summary>
    public static string DefaultName(string column, Transform transform) => transform.Kind switch
    {
        TransformKind.Identity => column,
        TransformKind.Bucket => $"{column}_bucket_{transform.Argument}",
        TransformKind.Truncate => $"{column}_trunc_{transform.Argument}",
        TransformKind.Void => $"{column}_null",
        _ => $"{column}_{transform.Text}",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current)
    {
        var draft = operations.Aggregate(new Draft(current, [.. current.DefaultSpec.Fields]), (d, operation) => operation(d));
        if (draft.Fields.SequenceEqual(current.DefaultSpec.Fields))
            return [];
        var spec = new PartitionSpec(-1, draft.Fields);
        LayoutRules.Check(spec, current.CurrentSchema, current.FormatVersion, current.PartitionSpecs);
        return [new TableUpdate.AddPartitionSpec(spec), new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded)];
    }

    private static Draft Add(Draft draft, string column, Transform transform, string? name)
    {
        if (transform.Kind is TransformKind.Unknown or TransformKind.Void)
            throw TarnException.Invalid($"A partition field cannot be added with transform '{transform}'. Use identity, bucket[N], truncate[W], year, month, day or hour.");
        int source = Source(draft, column);
        string full = draft.Table.CurrentSchema.FindName(source)!;
        if (draft.Fields.Find(f => f.SourceId == source && f.Transform == transform) is { } same)
            throw TarnException.Invalid($"The table is already partitioned by {transform}({full}), as field '{same.Name}'.");
        var field = Undeleted(draft, source, transform, name) ?? Recycled(draft, source, transform, name)
            ?? new PartitionField(source, draft.NextFieldId(), name ?? DefaultName(full, transform), transform);
        // Version 1 keeps removed fields as void; one of this name steps aside.
        var fields = draft.Fields.ConvertAll(f => f.Name == field.Name && f.FieldId != field.FieldId && f.Transform.Kind == TransformKind.Void ? f with { Name = $"{f.Name}_{f.FieldId}" } : f);
        int position = fields.FindIndex(f => f.FieldId == field.FieldId);
        if (position >= 0)
            fields[position] = field;
        else
            fields.Add(field);
        return draft with { Fields = fields };
    }

    // Version 1: a field that was void-ed in this same change comes back in its place.
    private static PartitionField? Undeleted(Draft draft, int source, Transform transform, string? name)
    {
        var old = draft.Table.DefaultSpec.Fields.FirstOrDefault(f => f.SourceId == source && f.Transform == transform);
        return old is not null && draft.Fields.Exists(f => f.FieldId == old.FieldId && f.Transform.Kind == TransformKind.Void) ? old with { Name = name ?? old.Name } : null;
    }

    // Version 2 and later: values of equal fields of different specs are comparable because the id is the same.
    private static PartitionField? Recycled(Draft draft, int source, Transform transform, string? name) => draft.Table.FormatVersion == 1
        ? null
        : draft.Table.PartitionSpecs.SelectMany(s => s.Fields).FirstOrDefault(f => f.SourceId == source && f.Transform == transform && (name is null || f.Name == name));

    private static Draft Remove(Draft draft, int position, string what)
    {
        if (position < 0)
            throw TarnException.Invalid($"Partition field '{what}' cannot be removed: the table has no such field. Its fields are {Names(draft)}.");
        var fields = draft.Fields.ToList();
        bool isNew = draft.Table.DefaultSpec.Fields.All(f => f.FieldId != fields[position].FieldId);
        if (draft.Table.FormatVersion == 1 && !isNew)
            fields[position] = fields[position] with { Transform = Transform.Void };
        else
            fields.RemoveAt(position);
        return draft with { Fields = fields };
    }

    private static Draft Rename(Draft draft, string name, string newName)
    {
        int position = draft.Fields.FindIndex(f => f.Name == name);
        if (position < 0)
            throw TarnException.Invalid($"Partition field '{name}' cannot be renamed: the table has no such field. Its fields are {Names(draft)}.");
        var fields = draft.Fields.ConvertAll(f => f.Name == newName && f.Name != name && f.Transform.Kind == TransformKind.Void ? f with { Name = $"{f.Name}_{f.FieldId}" } : f);
        fields[position] = fields[position] with { Name = newName };
        return draft with { Fields = fields };
    }

    private static int Source(Draft draft, string column) =>
        ColumnPath.Find(draft.Table.CurrentSchema, column)?.Id ?? throw TarnException.Invalid($"The table cannot be partitioned by '{column}': it has no such column.");

    private static string Names(Draft draft) => draft.Fields.Count == 0 ? "none" : string.Join(", ", draft.Fields.Select(f => f.Name));

    private UpdatePartitionSpec Then(Func<Draft, Draft> operation)
    {
        operations.Add(operation);
        return this;
    }

    private sealed record Draft(TableMetadata Table, List<PartitionField> Fields)
    {
        public int NextFieldId() => Math.Max(Table.LastPartitionId, Fields.Select(f => f.FieldId).DefaultIfEmpty(0).Max()) + 1;
    }
}
