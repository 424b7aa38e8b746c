using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Tables of other formats: they are tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListForeignTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.ListTables, @namespace, cancellationToken).ConfigureAwait(false);
        return await inner.ListForeignTablesAsync(@namespace, page, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ForeignTableHandle?> LoadForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.LoadForeignTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ForeignTableHandle> CommitForeignTableAsync(
        TableIdentifier table, ForeignTableHandle? baseTable, ForeignTable description, CancellationToken cancellationToken = default)
    {
        await RequireAsync(baseTable is null ? CatalogActions.CreateTable : CatalogActions.CommitTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.CommitForeignTableAsync(table, baseTable, description, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.DropForeignTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RenameForeignTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.RenameTable, from, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.RenameTable, to, cancellationToken).ConfigureAwait(false);
        await inner.RenameForeignTableAsync(from, to, cancellationToken).ConfigureAwait(false);
    }
}
