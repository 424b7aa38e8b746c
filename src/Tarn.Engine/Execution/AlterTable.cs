using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>ALTER TABLE: all actions of a statement in one commit. Renaming a table stands alone.</summary>
internal static class AlterTable
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, AlterTableStatement alter, CancellationToken cancellationToken)
    {
        if (alter.IfExists && await TableLookup.FindAsync(context, alter.Table, cancellationToken).ConfigureAwait(false) is null)
            return RowsResult.Done("ALTER TABLE", null, $"{alter.Table.Dotted} does not exist");
        var (catalog, table) = await TableLookup.TableAsync(context, alter.Table, cancellationToken).ConfigureAwait(false);
        if (alter.Actions is [RenameTable rename])
            return await RenameAsync(context, catalog, table, rename, cancellationToken).ConfigureAwait(false);
        var transaction = new Transaction(context.Transactions(catalog), table);
        foreach (var action in alter.Actions)
            Add(context, transaction, table, action);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("ALTER TABLE");
    }

    private static async Task<StatementResult> RenameAsync(StatementContext context, ICatalog catalog, TableHandle table, RenameTable rename, CancellationToken cancellationToken)
    {
        var scope = context.Scope with { Catalog = catalog, Namespace = table.Identifier.Namespace };
        var (target, identifier) = await context.Services.Names.ForCreateAsync(rename.NewName.Texts, scope, cancellationToken).ConfigureAwait(false);
        if (target != catalog)
            throw TarnException.Invalid($"A table cannot move from catalog '{catalog.Name}' to '{target.Name}' by renaming it. Use CREATE TABLE AS.");
        await catalog.RenameTableAsync(table.Identifier, identifier, cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("ALTER TABLE");
    }

    private static void Add(StatementContext context, Transaction transaction, TableHandle table, AlterTableAction action)
    {
        switch (action)
        {
            case SetTableProperties set:
                AlterProperties.Set(transaction, set);
                break;
            case RemoveTableProperties remove:
                var properties = transaction.Add(new UpdateProperties());
                foreach (string name in remove.Names)
                    properties.Remove(name);
                break;
            case SetPartitioning or AddPartitionField or DropPartitionField or ReplacePartitionField or SetSortOrder:
                AlterLayout.Add(transaction, table, action);
                break;
            case CreateRef or DropRef or FastForwardBranch or ExecuteProcedure:
                AlterSnapshots.Add(transaction, table, action);
                break;
            case RenameTable:
                throw TarnException.Invalid("RENAME TO must be the only action of its statement.");
            default:
                AlterColumns.Add(context, transaction, table, action);
                break;
        }
    }
}
