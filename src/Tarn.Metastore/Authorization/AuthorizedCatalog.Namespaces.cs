using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Namespaces.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public ValueTask<Page<Namespace>> ListNamespacesAsync(Namespace parent, PageRequest page = default, CancellationToken cancellationToken = default) => ListAsync(
        CatalogActions.ListNamespaces, parent, page, all => inner.ListNamespacesAsync(parent, all, cancellationToken),
        CatalogActions.GetNamespace, name => CatalogResource.Of(warehouse, name), name => name.Levels[^1], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CreateNamespaceAsync(Namespace @namespace, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateNamespace, @namespace, cancellationToken).ConfigureAwait(false);
        await RequirePlacesAsync(@namespace, isNew: true, properties, [], cancellationToken).ConfigureAwait(false);
        await inner.CreateNamespaceAsync(@namespace, properties, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ICatalog?> CreatingAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateNamespace, @namespace, cancellationToken).ConfigureAwait(false);
        await RequirePlacesAsync(@namespace, isNew: true, ImmutableSortedDictionary<string, string>.Empty, [], cancellationToken).ConfigureAwait(false);
        return await inner.CreatingAsync(@namespace, cancellationToken).ConfigureAwait(false) is { } creating ? new AuthorizedCatalog(creating, warehouse, access, session, places) { Creates = @namespace, Lineage = Lineage, Time = Time } : null;
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableSortedDictionary<string, string>?> LoadNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.GetNamespace, @namespace, cancellationToken).ConfigureAwait(false);
        return await inner.LoadNamespaceAsync(@namespace, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The folder in which the catalog gives new tables of a namespace their own.</summary>
    /// <param name="namespace">A namespace that the caller has got.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The folder; null when nothing is known of places.</returns>
    public async ValueTask<string?> FindFolderAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        places is null ? null : (await places.ReadAsync(cancellationToken).ConfigureAwait(false)).FolderOf(@namespace);

    /// <inheritdoc/>
    public async ValueTask UpdateNamespaceAsync(Namespace @namespace, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.UpdateNamespace, @namespace, cancellationToken).ConfigureAwait(false);
        await RequirePlacesAsync(@namespace, isNew: false, updates, removals, cancellationToken).ConfigureAwait(false);
        await inner.UpdateNamespaceAsync(@namespace, updates, removals, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropNamespace, @namespace, cancellationToken).ConfigureAwait(false);
        await inner.DropNamespaceAsync(@namespace, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DropNamespaceWithContentAsync(Namespace @namespace, Func<IReadOnlyList<NamespaceContent>, ValueTask>? allow = null, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropNamespace, @namespace, cancellationToken).ConfigureAwait(false);
        await inner.DropNamespaceWithContentAsync(@namespace, AllowAsync, cancellationToken).ConfigureAwait(false);

        // Whatever would go takes the right that dropping it alone takes.
        async ValueTask AllowAsync(IReadOnlyList<NamespaceContent> all)
        {
            foreach (var content in all)
            {
                if (content.Namespace != @namespace)
                    await RequireAsync(CatalogActions.DropNamespace, content.Namespace, cancellationToken).ConfigureAwait(false);
                foreach (var table in content.Tables.Concat(content.ForeignTables))
                    await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
                foreach (var view in content.Views)
                    await RequireAsync(CatalogActions.DropView, view, cancellationToken).ConfigureAwait(false);
            }

            if (allow is not null)
                await allow(all).ConfigureAwait(false);
        }
    }
}
