using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Authorization;

/// <content>Views.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public ValueTask<Page<TableIdentifier>> ListViewsAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ListAsync(CatalogActions.ListViews, @namespace, page, all => inner.ListViewsAsync(@namespace, all, cancellationToken), CatalogActions.GetView, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ViewHandle?> LoadViewAsync(TableIdentifier view, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.GetView, view, cancellationToken).ConfigureAwait(false);
        return await inner.LoadViewAsync(view, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> NewViewLocationAsync(TableIdentifier view, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateView, view, cancellationToken).ConfigureAwait(false);
        return await inner.NewViewLocationAsync(view, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> CommitViewAsync(TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken = default)
    {
        await RequireAsync(baseView is null ? CatalogActions.CreateView : CatalogActions.CommitView, view, cancellationToken).ConfigureAwait(false);
        await RequirePlacesAsync(view, NamedPlaces.Of(metadata, null), baseView, cancellationToken).ConfigureAwait(false);
        return await inner.CommitViewAsync(view, baseView, metadata, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> RegisterViewAsync(
        TableIdentifier view, string metadataLocation, ViewHandle? replaced = null, Func<ViewMetadata, ImmutableSortedDictionary<string, string>?>? annotate = null, CancellationToken cancellationToken = default)
    {
        await RequireAsync(replaced is null ? CatalogActions.CreateView : CatalogActions.CommitView, view, cancellationToken).ConfigureAwait(false);
        if (replaced is not null && metadataLocation == replaced.MetadataLocation)
            return await RegisterSeenAsync(SeenMetadata.Of(replaced.Metadata)).ConfigureAwait(false);
        if (places is null)
            return await inner.RegisterViewAsync(view, metadataLocation, replaced, annotate, cancellationToken).ConfigureAwait(false);
        await RequirePlacesAsync(view, new NamedPlaces([], [(metadataLocation, "The metadata file")]), replaced, cancellationToken).ConfigureAwait(false);
        var checkedMetadata = await places.FindViewAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        if (checkedMetadata is not null && replaced is not null && checkedMetadata.ViewUuid != replaced.Metadata.ViewUuid)
            await RequireViewReplacementAsync(view, cancellationToken).ConfigureAwait(false);
        if (checkedMetadata is not null)
            await RequirePlacesAsync(view, NamedPlaces.Of(checkedMetadata, metadataLocation), replaced, cancellationToken).ConfigureAwait(false);
        return await RegisterSeenAsync(checkedMetadata is null ? null : SeenMetadata.Of(checkedMetadata)).ConfigureAwait(false);

        ValueTask<ViewHandle> RegisterSeenAsync(SeenMetadata? seen) =>
            inner.RegisterViewAsync(view, metadataLocation, replaced, SeenMetadata.Guard(metadataLocation, seen, SeenMetadata.Of, annotate), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RenameViewAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        await RequireRenameAsync(CatalogActions.RenameView, s_onViews, from, to, cancellationToken).ConfigureAwait(false);
        await inner.RenameViewAsync(from, to, cancellationToken).ConfigureAwait(false);
    }

    // Another view in its place drops it.
    private async ValueTask RequireViewReplacementAsync(TableIdentifier view, CancellationToken cancellationToken)
    {
        await RequireAsync(CatalogActions.CreateView, view, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.DropView, view, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RequirePlacesAsync(TableIdentifier view, NamedPlaces named, ViewHandle? present, CancellationToken cancellationToken)
    {
        if (places is null)
            return;
        IReadOnlyList<string> own = present is null ? [] : TableFolders.Of(present.Metadata);
        await RequirePlacesAsync(await places.ReadAsync(cancellationToken).ConfigureAwait(false), view, named, own, cancellationToken).ConfigureAwait(false);
    }
}
