using System.Collections.Immutable;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Catalog.Hive.Clients;

/// <content>Views, as Iceberg's HiveViewOperations keeps them: a pointer to a metadata file, and the text for Hive's own clients.</content>
public sealed partial class HiveCatalog
{
    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListViewsAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        @namespace.IsRoot ? new Page<TableIdentifier>([]) : await ListAsync(@namespace, HiveKind.View, page, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<ViewHandle?> LoadViewAsync(TableIdentifier view, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(view, HiveKind.View, cancellationToken).ConfigureAwait(false) is not { } found)
            return null;
        string location = LocationOf(view, found);
        try
        {
            return new ViewHandle(view, location, await _files.ReadViewAsync(location, cancellationToken).ConfigureAwait(false)) { Annotations = OwnerIn(found) };
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            string state = error.Kind == ErrorKind.NotFound ? "missing" : "damaged";
            throw TarnException.Corrupted($"The metadata file '{location}' of view '{view}' is {state}: {error.Message.TrimEnd('.')}. Restore it from a backup, or drop the view and create it again.", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> CommitViewAsync(TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken = default)
    {
        RequireName(view);
        if (baseView is null)
            await RequireFreeAsync(view, cancellationToken).ConfigureAwait(false);
        else if (baseView.Metadata.ViewUuid != metadata.ViewUuid)
            throw TarnException.Invalid($"View '{view}' has the uuid {baseView.Metadata.ViewUuid}, and its new state has {metadata.ViewUuid}: a view keeps its uuid.");
        string location = await _files.WriteViewAsync(metadata, baseView?.MetadataLocation, cancellationToken).ConfigureAwait(false);
        var handle = new ViewHandle(view, location, metadata);
        try
        {
            await StoreAsync(handle, baseView, cancellationToken).ConfigureAwait(false);
            return handle;
        }
        catch (Exception error) when (UnusedFiles.AreLeftBy(error))
        {
            await UnusedFiles.RemoveAsync(_store, [location]).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> RegisterViewAsync(
        TableIdentifier view, string metadataLocation, ViewHandle? replaced = null, Func<ViewMetadata, ImmutableSortedDictionary<string, string>?>? annotate = null, CancellationToken cancellationToken = default)
    {
        RequireName(view);
        if (annotate is not null)
            throw TarnException.Unsupported($"The catalog '{Name}' cannot store annotations of a view ('{view}'). Use a catalog of Tarn's own for it.");
        if (replaced is null)
            await RequireFreeAsync(view, cancellationToken).ConfigureAwait(false);
        var handle = new ViewHandle(view, metadataLocation, await _files.ReadViewAsync(metadataLocation, cancellationToken).ConfigureAwait(false));
        await StoreAsync(handle, replaced, cancellationToken).ConfigureAwait(false);
        return handle;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropViewAsync(TableIdentifier view, CancellationToken cancellationToken = default) =>
        await FindAsync(view, HiveKind.View, cancellationToken).ConfigureAwait(false) is not null && await DropAsync(view, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask RenameViewAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) => RenameAsync(from, to, HiveKind.View, cancellationToken);

    private ValueTask StoreAsync(ViewHandle view, ViewHandle? replaced, CancellationToken cancellationToken)
    {
        var described = IcebergHiveTable.Of(view);
        return replaced is null
            ? CreateAsync(view.Identifier, described, cancellationToken)
            : MoveAsync(view.Identifier, HiveKind.View, replaced.MetadataLocation, view.MetadataLocation, present => Owned(
                Next(present, IcebergParameters.Of(view), replaced.Metadata.Properties.Keys, described.Storage.Columns, replaced.MetadataLocation, view.Metadata.Location), replaced.Metadata.Properties, view.Metadata.Properties)
                .Changed(10, described.ViewOriginalText ?? "").Changed(11, described.ViewExpandedText ?? ""), cancellationToken);
    }
}
