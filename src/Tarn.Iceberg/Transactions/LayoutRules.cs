using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Transactions;

/// <summary>What partition specs and sort orders must fulfil to be used by writers ("Partitioning", "Sorting").</summary>
internal static class LayoutRules
{
    /// <summary>Throws InvalidRequest naming the partition field and the rule.</summary>
    /// <param name="spec">The new spec.</param>
    /// <param name="schema">The schema that it is made for.</param>
    /// <param name="formatVersion">Of the table.</param>
    /// <param name="known">Specs of the table: a transform that nobody knows may stay, but none may come in, because other readers could not open the table.</param>
    public static void Check(PartitionSpec spec, Schema schema, int formatVersion, IEnumerable<PartitionSpec> known)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in spec.Fields)
        {
            if (field.Name.Length == 0)
                throw TarnException.Invalid("A partition field has no name. Give it one.");
            if (!names.Add(field.Name))
                throw TarnException.Invalid($"Partition field '{field.Name}' occurs twice in spec {spec.SpecId}; names must be unique.");
            CheckTransform($"Partition field '{field.Name}'", field.Transform, known.SelectMany(s => s.Fields).Select(f => f.Transform));
            CheckSources($"Partition field '{field.Name}'", field.SourceIds, field.Transform, schema);
            CheckName(field, schema);
        }

        var twice = spec.Fields.Where(f => f.Transform.Kind != TransformKind.Void).GroupBy(f => (f.SourceIds[0], f.Transform.Text)).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw TarnException.Invalid($"Partition fields '{twice.First().Name}' and '{twice.Last().Name}' are the same: {twice.Key.Text} of column {twice.Key.Item1}.");
        if (formatVersion == 1 && !spec.Fields.Select(f => f.FieldId).SequenceEqual(Enumerable.Range(PartitionSpec.FirstFieldId, spec.Fields.Count)))
            throw TarnException.Invalid($"Spec {spec.SpecId} does not number its fields from {PartitionSpec.FirstFieldId} on without gaps, which format version 1 requires.");
    }

    /// <summary>Throws InvalidRequest naming the sort field and the rule.</summary>
    /// <param name="order">The new order.</param>
    /// <param name="schema">The schema that it is made for.</param>
    /// <param name="known">Sort orders of the table, as for a spec.</param>
    public static void Check(SortOrder order, Schema schema, IEnumerable<SortOrder> known)
    {
        foreach (var field in order.Fields)
        {
            string what = $"Sort field {field.Transform.Text}({field.SourceIds[0]})";
            CheckTransform(what, field.Transform, known.SelectMany(o => o.Fields).Select(f => f.Transform));
            CheckSources(what, field.SourceIds, field.Transform, schema);
        }
    }

    private static void CheckTransform(string what, Transform transform, IEnumerable<Transform> known)
    {
        if (transform.Kind == TransformKind.Unknown && !known.Contains(transform))
            throw TarnException.Invalid($"{what}: '{transform.Text}' is no transform that readers know. Use identity, year, month, day, hour, void, or bucket[N] or truncate[N] with N from 1 to {int.MaxValue}.");
    }

    private static void CheckSources(string what, IReadOnlyList<int> sourceIds, Transform transform, Schema schema)
    {
        if (transform.Kind == TransformKind.Void)
            return;
        foreach (int id in sourceIds)
        {
            var source = schema.FindField(id)
                ?? throw TarnException.Invalid($"{what} needs column {id}, which the current schema does not have. Remove the field first or keep the column.");
            string name = schema.FindName(id)!;
            for (int parent = schema.ParentId(id); parent != 0; parent = schema.ParentId(parent))
            {
                if (schema.FieldsById[parent].Type is not StructType)
                    throw TarnException.Invalid($"{what}: column '{name}' lies in a list or map, where no value belongs to the row as a whole.");
            }

            if (transform.Kind != TransformKind.Unknown && sourceIds.Count == 1 && !transform.CanTransform(source.Type))
                throw TarnException.Invalid($"{what}: transform {transform.Text} cannot be applied to column '{name}' of type {source.Type}.");
        }
    }

    // A partition field may have the name of a column only when it holds that column's values.
    private static void CheckName(PartitionField field, Schema schema)
    {
        if (schema.FindField(field.Name) is { } column && field.Transform.Kind is not (TransformKind.Void or TransformKind.Unknown)
            && (field.Transform.Kind != TransformKind.Identity || column.Id != field.SourceIds[0]))
        {
            throw TarnException.Invalid($"Partition field '{field.Name}' has the name of a column but is {field.Transform.Text} of column '{schema.FindName(field.SourceIds[0])}'. Name it differently.");
        }
    }
}
