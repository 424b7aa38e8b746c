using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>Changes of columns, also nested ones (<c>address.street</c>).</summary>
internal static class AlterColumns
{
    public static void Add(StatementContext context, Transaction transaction, TableHandle table, AlterTableAction action)
    {
        if (action is SetColumnTags or RemoveColumnTags)
        {
            AlterProperties.TagColumn(transaction, table, action);
            return;
        }

        var update = transaction.Add(new UpdateSchema());
        switch (action)
        {
            case AddColumn add:
                AddColumn(context, update, table, add);
                if (add.Tags.Count > 0)
                    transaction.Add(new UpdateColumnTags(add.Path.Dotted, add.Tags, []));
                break;
            case DropColumn { IfExists: true } drop when Find(table, drop.Path) is null:
                break;
            case DropColumn drop:
                update.DropColumn(Path(table, drop.Path));
                break;
            case RenameColumn { IfExists: true } rename when Find(table, rename.Path) is null:
                break;
            case RenameColumn rename:
                update.RenameColumn(Path(table, rename.Path), rename.NewName);
                break;
            case ChangeColumnType change:
                ChangeType(update, table, change);
                break;
            case ChangeColumnNullability { NotNull: false } optional:
                update.MakeOptional(Path(table, optional.Path));
                break;
            case ChangeColumnNullability required:
                update.RequireColumn(Path(table, required.Path));
                break;
            case ChangeColumnComment comment:
                update.SetDoc(Path(table, comment.Path), comment.Comment);
                break;
            case MoveColumn move:
                Move(update, Path(table, move.Path), move.Position);
                break;
            case ChangeColumnDefault change:
                string path = Path(table, change.Path);
                update.SetDefault(path, LiteralValues.Of(context.Connection, change.Default, table.Metadata.CurrentSchema.FindField(path)!.Type));
                break;
            case SetIdentifierFields set:
                update.SetIdentifierFields([.. set.Columns.Select(c => Path(table, c))]);
                break;
            case DropIdentifierFields drop:
                DropIdentifiers(update, table, drop);
                break;
            default:
                throw TarnException.Unsupported($"This version of Tarn does not run ALTER TABLE … {action.GetType().Name}.");
        }
    }

    // Spark's CHANGE COLUMN says the type also where it stays; ids, which nested types have, are none of its words.
    private static void ChangeType(UpdateSchema update, TableHandle table, ChangeColumnType change)
    {
        string path = Path(table, change.Path);
        var type = IcebergTypes.Of(change.Type, Counter());
        if (SqlTypeText.Of(type) != SqlTypeText.Of(Find(table, change.Path)!.Type))
            update.ChangeType(path, type);
    }

    private static void AddColumn(StatementContext context, UpdateSchema update, TableHandle table, AddColumn add)
    {
        if (add.IfNotExists && Find(table, add.Path) is not null)
            return;
        string? parent = add.Path.Parts.Count == 1 ? null : Path(table, QualifiedName.Of(add.Path.Qualifier));
        var type = IcebergTypes.Of(add.Type, Counter());
        update.AddColumn(parent, add.Path.Last, type, add.Comment, add.NotNull, LiteralValues.Of(context.Connection, add.Default, type));
        if (add.Position is { } position)
            Move(update, parent is null ? add.Path.Last : $"{parent}.{add.Path.Last}", position);
    }

    private static void Move(UpdateSchema update, string path, ColumnPosition position)
    {
        if (position.After is not { } after)
            update.MoveFirst(path);
        else
            update.MoveAfter(path, path.Contains('.') && after.Parts.Count == 1 ? $"{path[..path.LastIndexOf('.')]}.{after.Last}" : after.Dotted);
    }

    private static void DropIdentifiers(UpdateSchema update, TableHandle table, DropIdentifierFields drop)
    {
        var schema = table.Metadata.CurrentSchema;
        var dropped = drop.Columns.Select(c => Find(table, c)?.Id).ToHashSet();
        update.SetIdentifierFields([.. schema.IdentifierFieldIds.Where(id => !dropped.Contains(id)).Select(id => schema.FindName(id)!)]);
    }

    private static NestedField? Find(TableHandle table, QualifiedName path) => table.Metadata.CurrentSchema.ResolveField(path.Dotted);

    /// <summary>The path of a column as the schema spells it.</summary>
    /// <exception cref="TarnException">NotFound, with the columns that are there.</exception>
    public static string Path(TableHandle table, QualifiedName path) => Find(table, path) is { } found
        ? table.Metadata.CurrentSchema.FindName(found.Id)!
        : throw TarnException.NotFound($"Table '{table.Identifier}' has no column '{path.Dotted}'. Columns are: {string.Join(", ", table.Metadata.CurrentSchema.Fields.Select(f => f.Name))}.");

    // The update gives final ids; here they only have to differ.
    private static Func<int> Counter()
    {
        int last = 0;
        return () => ++last;
    }
}
