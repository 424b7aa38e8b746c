using Tarn.Core.Errors;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>Changes of partitioning and sort order.</summary>
internal static class AlterLayout
{
    public static void Add(Transaction transaction, TableHandle table, AlterTableAction action)
    {
        switch (action)
        {
            case SetPartitioning set:
                Replace(transaction, table, set.Fields);
                break;
            case AddPartitionField add:
                AddField(transaction.Add(new UpdatePartitionSpec()), table, add.Field);
                break;
            case DropPartitionField drop:
                RemoveField(transaction.Add(new UpdatePartitionSpec()), table, drop.Field);
                break;
            case ReplacePartitionField replace:
                var update = transaction.Add(new UpdatePartitionSpec());
                RemoveField(update, table, replace.Old);
                AddField(update, table, replace.New);
                break;
            case SetSortOrder sort:
                Sort(transaction, table, sort.Fields);
                break;
        }
    }

    /// <summary>Makes these fields the whole partitioning; fields that stay keep their ids.</summary>
    private static void Replace(Transaction transaction, TableHandle table, IReadOnlyList<PartitionTransformText> fields)
    {
        var schema = table.Metadata.CurrentSchema;
        if (fields.GroupBy(f => (TableLayout.ColumnOf(schema, f).Id, TableLayout.TransformOf(f))).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TarnException.Invalid($"The partitioning has '{twice.First()}' twice.");
        var wanted = fields.Select(f => (TableLayout.ColumnOf(schema, f).Id, TableLayout.TransformOf(f))).ToHashSet();
        var present = table.Metadata.DefaultSpec.Fields.Where(f => f.Transform.Kind != TransformKind.Void).ToArray();
        var update = transaction.Add(new UpdatePartitionSpec());
        foreach (var gone in present.Where(f => !wanted.Contains((f.SourceId, f.Transform))))
            update.RemoveField(gone.Name);
        foreach (var added in fields.Where(f => !present.Any(p => p.SourceId == TableLayout.ColumnOf(schema, f).Id && p.Transform == TableLayout.TransformOf(f))))
            AddField(update, table, added);
    }

    /// <summary>Makes these fields the sort order.</summary>
    private static void Sort(Transaction transaction, TableHandle table, IReadOnlyList<SortFieldText> fields)
    {
        var update = transaction.Add(new ReplaceSortOrder());
        foreach (var term in fields)
            update.By(TableLayout.PathOf(table.Metadata.CurrentSchema, term.Term), TableLayout.TransformOf(term.Term), TableLayout.DirectionOf(term), TableLayout.NullsOf(term));
    }

    private static void AddField(UpdatePartitionSpec update, TableHandle table, PartitionTransformText term) =>
        update.AddField(TableLayout.PathOf(table.Metadata.CurrentSchema, term), TableLayout.TransformOf(term), term.Name);

    // Spark drops a field by its term or by its name.
    private static void RemoveField(UpdatePartitionSpec update, TableHandle table, PartitionTransformText term)
    {
        if (TableLayout.TransformOf(term) == Transform.Identity && table.Metadata.DefaultSpec.Fields.Any(f => f.Name == term.Column.Dotted))
            update.RemoveField(term.Column.Dotted);
        else
            update.RemoveField(TableLayout.PathOf(table.Metadata.CurrentSchema, term), TableLayout.TransformOf(term));
    }
}
