using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Authorization;

/// <content>Tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.ListTables, @namespace, cancellationToken).ConfigureAwait(false);
        return await inner.ListTablesAsync(@namespace, page, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.LoadTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.NewTableLocationAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        foreach (var commit in commits)
        {
            bool isCreation = commit.Requirements.OfType<TableRequirement.AssertCreate>().Any();
            await RequireAsync(isCreation ? CatalogActions.CreateTable : CatalogActions.CommitTable, commit.Table, cancellationToken).ConfigureAwait(false);
        }

        var tables = await inner.CommitAsync(commits, cancellationToken).ConfigureAwait(false);
        Record(commits);
        return tables;
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default)
    {
        await RequireRegistrationAsync(table, metadataLocation, replaced, cancellationToken).ConfigureAwait(false);
        var registered = await inner.RegisterTableAsync(table, metadataLocation, replaced, cancellationToken).ConfigureAwait(false);
        RecordRegistration(replaced, registered);
        return registered;
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle> RegisterTableAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>> annotate, CancellationToken cancellationToken = default)
    {
        await RequireRegistrationAsync(table, metadataLocation, replaced, cancellationToken).ConfigureAwait(false);
        var registered = await inner.RegisterTableAsync(table, metadataLocation, replaced, annotate, cancellationToken).ConfigureAwait(false);
        RecordRegistration(replaced, registered);
        return registered;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
        if (purge)
            await RequireAsync(CatalogActions.WriteData, table, cancellationToken).ConfigureAwait(false);
        return await inner.DropTableAsync(table, purge, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.UnregisterTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.RenameTable, from, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.RenameTable, to, cancellationToken).ConfigureAwait(false);
        await inner.RenameTableAsync(from, to, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask UndropTableAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default)
    {
        await RequireUndropAsync(CatalogActions.DropTable, CatalogActions.CreateTable, CatalogActions.RenameTable, name, newName, cancellationToken).ConfigureAwait(false);
        await inner.UndropTableAsync(name, newName, cancellationToken).ConfigureAwait(false);
    }

    // What may be dropped and made may be brought back; under another name it is renamed, too.
    private async ValueTask RequireUndropAsync(string drop, string create, string rename, TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken)
    {
        await RequireAsync(drop, name, cancellationToken).ConfigureAwait(false);
        await RequireAsync(create, newName, cancellationToken).ConfigureAwait(false);
        if (newName == name)
            return;
        await RequireAsync(rename, name, cancellationToken).ConfigureAwait(false);
        await RequireAsync(rename, newName, cancellationToken).ConfigureAwait(false);
    }

    // Protocols whose clients write the metadata themselves replace a table by its next state: that is a commit. Another table in its place is not.
    private async ValueTask RequireRegistrationAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced, CancellationToken cancellationToken)
    {
        bool isCommit = replaced is not null && (metadataLocation == replaced.MetadataLocation || TableFolders.HasFile(replaced.Metadata.Location, metadataLocation));
        await RequireAsync(isCommit ? CatalogActions.CommitTable : CatalogActions.RegisterTable, table, cancellationToken).ConfigureAwait(false);
        if (replaced is not null && !isCommit)
            await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
    }
}
