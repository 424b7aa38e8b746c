using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>SET PROPERTIES and tags.</summary>
internal static class AlterProperties
{
    public static void Set(Transaction transaction, SetTableProperties set)
    {
        var properties = TableProperties.Of(set);
        if (properties.Count == 0)
            return;
        var update = transaction.Add(new UpdateProperties());
        foreach (var (name, value) in properties)
            _ = value is null ? update.Remove(name) : update.Set(name, value);
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
}
