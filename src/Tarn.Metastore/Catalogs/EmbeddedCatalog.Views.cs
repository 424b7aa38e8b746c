using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

public sealed partial class EmbeddedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListViewsAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (@namespace.IsRoot)
            return new Page<TableIdentifier>([]);
        return Paging.Of(state.RequireNamespace(@namespace).Views.Keys.Select(v => new TableIdentifier(@namespace, v)), page, v => v.Name);
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle?> LoadViewAsync(TableIdentifier view, CancellationToken cancellationToken = default)
    {
        if ((await ReadAsync(cancellationToken).ConfigureAwait(false)).FindView(view) is not { } entry)
            return null;
        try
        {
            return new ViewHandle(view, entry.MetadataLocation, await Ground.Metadata.ReadViewAsync(entry.MetadataLocation, cancellationToken).ConfigureAwait(false)) { Annotations = entry.Annotations };
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            string state = error.Kind == ErrorKind.NotFound ? "missing" : "damaged";
            throw TarnException.Corrupted(
                $"The metadata file '{entry.MetadataLocation}' of view '{view}' is {state}: {error.Message.TrimEnd('.')}. Restore it from a backup, or drop the view and create it again.", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> CommitViewAsync(TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken = default)
    {
        if (baseView is null)
            CatalogNames.RequireNew(view);
        return await PlaceAsync(state => CommitViewAsync(state, view, baseView, metadata, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ViewHandle> CommitViewAsync(LogState state, TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken)
    {
        if (baseView is null)
        {
            state.RequireCatalog(At).RequireFree(view);
            metadata = metadata with { Properties = WithOwner(metadata.Properties) };
        }
        else if (baseView.Metadata.ViewUuid != metadata.ViewUuid)
            throw TarnException.Invalid($"View '{view}' has the uuid {baseView.Metadata.ViewUuid}, and its new state has {metadata.ViewUuid}: a view keeps its uuid.");
        bool isPlaced = baseView is null || !TableFolders.Of(metadata).SequenceEqual(TableFolders.Of(baseView.Metadata));
        if (isPlaced)
            await RequireApartAsync(state, view, metadata, cancellationToken).ConfigureAwait(false);
        string location = await Ground.Metadata.WriteViewAsync(metadata, baseView?.MetadataLocation, cancellationToken).ConfigureAwait(false);
        try
        {
            await AppendAsync(
                [new CommitCondition.ViewIs(view, baseView?.MetadataLocation), .. isPlaced ? [PlacesAre(state)] : Array.Empty<CommitCondition>()],
                [new CatalogChange.PutView(view, metadata.ViewUuid, location)],
                cancellationToken,
                location).ConfigureAwait(false);
        }
        catch (Exception error) when (UnusedFiles.AreLeftBy(error))
        {
            await UnusedFiles.RemoveAsync(store, [location]).ConfigureAwait(false);
            throw;
        }

        return new ViewHandle(view, location, metadata) { Annotations = baseView?.Annotations ?? ImmutableSortedDictionary<string, string>.Empty };
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> RegisterViewAsync(
        TableIdentifier view, string metadataLocation, ViewHandle? replaced = null, Func<ViewMetadata, ImmutableSortedDictionary<string, string>?>? annotate = null, CancellationToken cancellationToken = default)
    {
        if (replaced is null)
            CatalogNames.RequireNew(view);
        return await PlaceAsync(state => RegisterViewAsync(state, view, metadataLocation, replaced, annotate, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ViewHandle> RegisterViewAsync(
        LogState state, TableIdentifier view, string metadataLocation, ViewHandle? replaced, Func<ViewMetadata, ImmutableSortedDictionary<string, string>?>? annotate, CancellationToken cancellationToken)
    {
        if (replaced is null)
            state.RequireCatalog(At).RequireFree(view);
        var metadata = await Ground.Metadata.ReadViewAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        var annotations = annotate?.Invoke(metadata) ?? (replaced is null ? state.FindAnnotations(At, view, metadataLocation) : null);
        // Another view in its place: then it is dropped.
        bool isDropped = replaced is not null && replaced.Metadata.ViewUuid != metadata.ViewUuid;
        bool isPlaced = replaced is null || !TableFolders.Of(metadata).SequenceEqual(TableFolders.Of(replaced.Metadata));
        if (isPlaced)
            await RequireApartAsync(state, view, metadata, cancellationToken).ConfigureAwait(false);
        CatalogChange[] dropped = isDropped ? [new CatalogChange.DropView(view) { Retention = RetentionOf(purge: false) }] : [];
        await AppendAsync(
            [new CommitCondition.ViewIs(view, replaced?.MetadataLocation), new CommitCondition.NotExpiring(null, metadataLocation), .. isPlaced ? [PlacesAre(state)] : Array.Empty<CommitCondition>()],
            [.. dropped, new CatalogChange.PutView(view, metadata.ViewUuid, metadataLocation) { Annotations = annotations, IsRegistered = !At.IsMain }],
            cancellationToken,
            metadataLocation).ConfigureAwait(false);
        var kept = isDropped ? null : replaced?.Annotations;
        return new ViewHandle(view, metadataLocation, metadata) { Annotations = annotations ?? kept ?? ImmutableSortedDictionary<string, string>.Empty };
    }

    /// <inheritdoc/>
    public async ValueTask RenameViewAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(to);
        await AppendAsync([], [new CatalogChange.RenameView(from, to)], cancellationToken).ConfigureAwait(false);
    }
}
