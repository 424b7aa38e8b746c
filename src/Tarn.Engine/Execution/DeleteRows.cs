using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>DELETE and TRUNCATE by metadata: files in which every row matches leave the table. A file in which only some rows match is refused.</summary>
internal static class DeleteRows
{
    private const string Hint = "This version of Tarn deletes where whole files match, e.g. by partition. Write the rows to keep into a new table: CREATE OR REPLACE TABLE … AS SELECT … WHERE NOT (…).";

    public static async Task<StatementResult> TruncateAsync(StatementContext context, TruncateStatement truncate, CancellationToken cancellationToken)
    {
        var (catalog, table) = await TableLookup.TableAsync(context, truncate.Table, cancellationToken).ConfigureAwait(false);
        await DeleteAsync(context.Transactions(catalog), table, Expression.True, cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("TRUNCATE");
    }

    public static async Task<StatementResult> ExecuteAsync(StatementContext context, DeleteStatement delete, CancellationToken cancellationToken)
    {
        var (catalog, table) = await TableLookup.TableAsync(context, delete.Table, cancellationToken).ConfigureAwait(false);
        var filter = delete.Where is null ? Expression.True : await FilterAsync(context, delete, table, cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("DELETE", await DeleteAsync(context.Transactions(catalog), table, filter, cancellationToken).ConfigureAwait(false));
    }

    private static async ValueTask<long> DeleteAsync(TransactionContext context, TableHandle table, Expression filter, CancellationToken cancellationToken)
    {
        var transaction = new Transaction(context, table);
        transaction.Add(new DeleteFiles()).DeleteWhere(filter);
        TableHandle after;
        try
        {
            after = await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException e) when (e.Kind is ErrorKind.InvalidRequest or ErrorKind.Unsupported)
        {
            throw TarnException.Unsupported($"{e.Message} {Hint}");
        }

        return Deleted(table, after);
    }

    private static long Deleted(TableHandle before, TableHandle after) =>
        after.Metadata.CurrentSnapshotId != before.Metadata.CurrentSnapshotId && long.TryParse(after.Metadata.CurrentSnapshot?.Summary.GetValueOrDefault("deleted-records"), out long count) ? count : 0;

    private static async ValueTask<Expression> FilterAsync(StatementContext context, DeleteStatement delete, TableHandle table, CancellationToken cancellationToken)
    {
        string alias = delete.Alias is null ? "" : $" AS {SqlPrinter.QuoteIdentifier(delete.Alias)}";
        var query = delete.Where!.Behind($"SELECT * FROM {FoldedLevels.Fold(delete.Table)}{alias} WHERE ");
        var bound = await context.Binder.BindAsync(query, context.Scope, cancellationToken).ConfigureAwait(false);
        if (context.Options.Parameters.Count == 0 && new FilterDiscovery(context.Connection, context.Services.Relations).Exact(bound) is { } exact)
        {
            // The filter names fields by id, and ids say something of their own table only.
            return bound.Scans[0].Table.Handle.Metadata.TableUuid == table.Metadata.TableUuid
                ? exact
                : throw new CommitConflictException($"Table '{table.Identifier}' was replaced by another one meanwhile. Nothing was deleted.");
        }

        // A condition that is wrong is told as such, with its place.
        using (var planned = await context.Planner.PlanAsync(query, context.Scope, context.Options.Parameters, cancellationToken, run: false).ConfigureAwait(false))
            RowWriter.Columns(context, planned.Bound, query);
        throw TarnException.Unsupported($"DELETE … WHERE {delete.Where.Text}: the condition cannot be decided from metadata. {Hint}");
    }
}
