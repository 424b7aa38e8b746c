using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions;

/// <summary>Replaces the order in which writers sort rows; without any field the table becomes unsorted.</summary>
public sealed class ReplaceSortOrder : MetadataUpdate
{
    private readonly List<(string Column, Transform Transform, SortDirection Direction, NullOrder Nulls)> fields = [];

    /// <summary>Adds a field after those added before; columns are found as <see cref="Schema.ResolveField"/> does.</summary>
    public ReplaceSortOrder By(string column, Transform transform, SortDirection direction, NullOrder nulls)
    {
        fields.Add((column, transform, direction, nulls));
        return this;
    }

    /// <summary>Adds an ascending field, nulls first.</summary>
    public ReplaceSortOrder Ascending(string column) => By(column, Transform.Identity, SortDirection.Ascending, NullOrder.NullsFirst);

    /// <summary>Adds a descending field, nulls last.</summary>
    public ReplaceSortOrder Descending(string column) => By(column, Transform.Identity, SortDirection.Descending, NullOrder.NullsLast);

    /// <inheritdoc/>
    public override IReadOnlyList<TableUpdate> Apply(TableMetadata current)
    {
        var order = new SortOrder(-1, [.. fields.Select(f => new SortField([Column(current, f.Column)], f.Transform, f.Direction, f.Nulls))]);
        return current.DefaultSortOrder.Fields.SequenceEqual(order.Fields)
            ? []
            : [new TableUpdate.AddSortOrder(order), new TableUpdate.SetDefaultSortOrder(TableUpdate.LastAdded)];
    }

    private static int Column(TableMetadata current, string name) =>
        ColumnPath.Find(current.CurrentSchema, name)?.Id ?? throw TarnException.Invalid($"The table cannot be sorted by '{name}': it has no such column.");
}
