using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Files of tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<DataRights> FindRightsAsync(TableIdentifier name, IReadOnlyList<string> folders, CancellationToken cancellationToken = default)
    {
        var rights = await RightsAsync(name, DataRights.Read | DataRights.Write, cancellationToken).ConfigureAwait(false);
        if (rights == DataRights.None || folders.Count == 0)
            return rights;
        foreach (var other in await inner.FindTablesAtAsync(folders, cancellationToken).ConfigureAwait(false))
        {
            if (other != name)
                rights = await RightsAsync(other, rights, cancellationToken).ConfigureAwait(false);
        }

        return rights;
    }

    private async ValueTask<DataRights> RightsAsync(TableIdentifier name, DataRights wanted, CancellationToken cancellationToken)
    {
        var rights = DataRights.None;
        if (wanted.HasFlag(DataRights.Read) && await IsAllowedAsync(CatalogActions.ReadData, name, cancellationToken).ConfigureAwait(false))
            rights |= DataRights.Read;
        if (wanted.HasFlag(DataRights.Write) && await IsAllowedAsync(CatalogActions.WriteData, name, cancellationToken).ConfigureAwait(false))
            rights |= DataRights.Write;
        return rights;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableIdentifier>> FindTablesAtAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.ListTables, Namespace.Root, cancellationToken).ConfigureAwait(false);
        List<TableIdentifier> visible = [];
        foreach (var table in await inner.FindTablesAtAsync(folders, cancellationToken).ConfigureAwait(false))
        {
            if (await IsAllowedAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false))
                visible.Add(table);
        }

        return visible;
    }
}
