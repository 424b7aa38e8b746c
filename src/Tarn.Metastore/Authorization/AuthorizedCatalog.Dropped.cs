using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Dropping tables and views, and bringing them back.</content>
public sealed partial class AuthorizedCatalog
{
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
        // Nobody's files any more, they are open to whoever makes a table of them: that is for who may have them.
        await RequireAsync(CatalogActions.ReadData, table, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.WriteData, table, cancellationToken).ConfigureAwait(false);
        return await inner.UnregisterTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask UndropTableAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default)
    {
        await RequireUndropAsync(CatalogActions.DropTable, CatalogActions.CreateTable, CatalogActions.RenameTable, s_onTables, name, newName, cancellationToken).ConfigureAwait(false);
        await RequireUndropPlaceAsync(name, newName, isView: false, cancellationToken).ConfigureAwait(false);
        await inner.UndropTableAsync(name, newName, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropViewAsync(TableIdentifier view, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropView, view, cancellationToken).ConfigureAwait(false);
        return await inner.DropViewAsync(view, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask UndropViewAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default)
    {
        await RequireUndropAsync(CatalogActions.DropView, CatalogActions.CreateView, CatalogActions.RenameView, s_onViews, name, newName, cancellationToken).ConfigureAwait(false);
        await RequireUndropPlaceAsync(name, newName, isView: true, cancellationToken).ConfigureAwait(false);
        await inner.UndropViewAsync(name, newName, cancellationToken).ConfigureAwait(false);
    }

    // What may be dropped and made may be brought back; under another name it is renamed, too.
    private async ValueTask RequireUndropAsync(string drop, string create, string rename, IReadOnlyList<string> rights, TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken)
    {
        await RequireAsync(drop, name, cancellationToken).ConfigureAwait(false);
        await RequireAsync(create, newName, cancellationToken).ConfigureAwait(false);
        if (newName != name)
            await RequireRenameAsync(rename, rights, name, newName, cancellationToken).ConfigureAwait(false);
    }

    // Its folder was free for others since, whose keys would end by it; what they are called is not for everybody.
    private async ValueTask RequireUndropPlaceAsync(TableIdentifier name, TableIdentifier newName, bool isView, CancellationToken cancellationToken)
    {
        if (places is null)
            return;
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (placement.FindDropped(name, isView) is not { } dropped)
            return;
        // One that cannot be read is not brought back, here or in the catalog: it may be readable a moment later, and would not have been looked at.
        IReadOnlyList<string> folders = [.. await places.ReadFoldersAsync(dropped.MetadataLocation, isView, cancellationToken).ConfigureAwait(false), .. dropped.FormerFolders];
        if (await FindRoofAsync(placement, folders, cancellationToken).ConfigureAwait(false) is not null)
            throw RefusedUndrop("there, or in another folder of it, tables of a namespace go by now, and changing that namespace is not allowed to you. Who may do so can give it another place (its property 'location').");
        var others = (await placement.FindOwnersAsync(folders, cancellationToken).ConfigureAwait(false)).Where(o => !o.IsDropped && o.Identity != dropped.Identity && !(isView && o.IsView));
        foreach (var same in FolderOwner.ByTable(others))
        {
            if (!await MayShareAsync(same, isItself: false, cancellationToken).ConfigureAwait(false))
                throw RefusedUndrop("there, or in another folder of it, another table or view has files by now, and reading and writing those is not allowed to you. Who may do both can bring it back.");
        }

        TarnException RefusedUndrop(string why) => Refused(newName, new TarnException(ErrorKind.PermissionDenied, $"'{name}' lies at '{folders[0]}'; {why}"));
    }
}
