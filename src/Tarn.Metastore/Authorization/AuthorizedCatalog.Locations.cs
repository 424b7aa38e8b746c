using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Files of tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<bool> IsAllowedAsync(string action, TableIdentifier name, IReadOnlyList<string> folders, CancellationToken cancellationToken = default)
    {
        if (!await IsAllowedAsync(action, name, cancellationToken).ConfigureAwait(false))
            return false;
        foreach (var other in folders.Count == 0 ? [] : await inner.FindTablesAtAsync(folders, cancellationToken).ConfigureAwait(false))
        {
            if (other != name && !await IsAllowedAsync(action, other, cancellationToken).ConfigureAwait(false))
                return false;
        }

        return true;
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
