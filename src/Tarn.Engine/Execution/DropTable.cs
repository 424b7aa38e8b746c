using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Execution;

/// <summary>DROP TABLE. The files stay unless PURGE is written, and then until the table cannot be brought back any more.</summary>
internal static class DropTable
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, DropTableStatement drop, CancellationToken cancellationToken)
    {
        var source = await TableLookup.FindAsync(context, drop.Name, cancellationToken).ConfigureAwait(false);
        switch (source)
        {
            case TableSource.Table { MetadataTable: null } table:
                await (await TableLookup.CatalogOfAsync(context, drop.Name, cancellationToken).ConfigureAwait(false)).DropTableAsync(table.Handle.Identifier, drop.Purge, cancellationToken).ConfigureAwait(false);
                return RowsResult.Done("DROP TABLE");
            case TableSource.Foreign when drop.Purge:
                throw TarnException.Unsupported($"'{drop.Name.Dotted}' is not an Iceberg table: its files are not Tarn's to delete. Write DROP TABLE without PURGE, which forgets the table and leaves them.");
            case TableSource.Foreign foreign:
                await (await TableLookup.CatalogOfAsync(context, drop.Name, cancellationToken).ConfigureAwait(false)).DropForeignTableAsync(foreign.Handle.Identifier, cancellationToken).ConfigureAwait(false);
                return RowsResult.Done("DROP TABLE");
            case null when drop.IfExists:
                return RowsResult.Done("DROP TABLE", null, $"{drop.Name.Dotted} does not exist");
            default:
                throw await TableLookup.OtherAsync(context, source, drop.Name, "Table", "DROP", cancellationToken).ConfigureAwait(false);
        }
    }
}
