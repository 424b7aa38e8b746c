using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>SET PROPERTIES and tags; <c>partitioning</c> and <c>sorted_by</c> change the layout, as in Trino.</summary>
internal static class AlterProperties
{
    public static void Set(Transaction transaction, TableHandle table, SetTableProperties set)
    {
        UpdateProperties? update = null;
        foreach (var property in set.Properties)
        {
            if (property.Is("partitioning"))
                AlterLayout.Replace(transaction, table, [.. Texts(property).Select(PartitionTransformText.Parse)]);
            else if (property.Is("sorted_by"))
                AlterLayout.Sort(transaction, table, [.. Texts(property).Select(SortFieldText.Parse)]);
            else if (property.Value is NullLiteral)
                (update ??= transaction.Add(new UpdateProperties())).Remove(property.Name);
            else
                (update ??= transaction.Add(new UpdateProperties())).Set(property.Is("format_version") ? TableMetadata.FormatVersionProperty : property.Name, property.Value.ToPropertyText()!);
        }
    }

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
