using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>SET PROPERTIES and tags; <c>partitioning</c> and <c>sorted_by</c> change the layout, as in Trino.</summary>
internal static class AlterProperties
{
    private const string Partitioning = "partitioning";

    public static void Set(Transaction transaction, TableHandle table, SetTableProperties set)
    {
        foreach (var layout in set.Properties.Where(IsLayout))
        {
            if (layout.Is(Partitioning))
                AlterLayout.Replace(transaction, table, [.. Texts(layout).Select(PartitionTransformText.Parse)]);
            else
                AlterLayout.Sort(transaction, table, [.. Texts(layout).Select(SortFieldText.Parse)]);
        }

        var properties = TableProperties.Of(set with { Properties = [.. set.Properties.Where(p => !IsLayout(p))] });
        if (properties.Count == 0)
            return;
        var update = transaction.Add(new UpdateProperties());
        foreach (var (name, value) in properties)
            _ = value is null ? update.Remove(name) : update.Set(name, value);
    }

    private static bool IsLayout(Property property) => property.Is(Partitioning) || property.Is("sorted_by");

    /// <summary>SET TAGS and UNSET TAGS of a column. One that the same statement adds or renames is meant by its new name.</summary>
    public static void TagColumn(Transaction transaction, TableHandle table, AlterTableAction action)
    {
        string Path(QualifiedName column) => table.Metadata.CurrentSchema.ResolveField(column.Dotted) is { } found ? table.Metadata.CurrentSchema.FindName(found.Id)! : column.Dotted;
        if (action is SetColumnTags set)
            transaction.Add(new UpdateColumnTags(Path(set.Path), set.Tags, []));
        else if (action is RemoveColumnTags remove)
            transaction.Add(new UpdateColumnTags(Path(remove.Path), [], remove.Keys));
    }

    private static IEnumerable<SqlText> Texts(Property property) => property.Value is ArrayLiteral array && array.Items.All(i => i is StringLiteral)
        ? array.Items.Select(i => SqlText.Of(((StringLiteral)i).Value))
        : throw TarnException.Invalid($"Property {property.Name} is {property.Value}; give a list of texts, e.g. ARRAY['month(order_date)'].");
}
