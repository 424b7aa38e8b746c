using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Tables that are made of a metadata file, which may name any place.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default) =>
        RegisterAsync(table, metadataLocation, replaced, null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TableHandle> RegisterTableAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?> annotate, CancellationToken cancellationToken = default) =>
        RegisterAsync(table, metadataLocation, replaced, annotate, cancellationToken);

    private async ValueTask<TableHandle> RegisterAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?>? annotate, CancellationToken cancellationToken)
    {
        var registered = await RegisterPlacedAsync(table, metadataLocation, replaced, annotate, cancellationToken).ConfigureAwait(false);
        RecordRegistration(replaced, registered);
        return registered;
    }

    private async ValueTask<TableHandle> RegisterPlacedAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?>? annotate, CancellationToken cancellationToken)
    {
        bool isCommit = await RequireRegistrationAsync(table, metadataLocation, replaced, cancellationToken).ConfigureAwait(false);
        if (replaced is not null && metadataLocation == replaced.MetadataLocation)
            return await RegisterSeenAsync(SeenMetadata.Of(replaced.Metadata)).ConfigureAwait(false);
        if (places is null)
        {
            return annotate is null
                ? await inner.RegisterTableAsync(table, metadataLocation, replaced, cancellationToken).ConfigureAwait(false)
                : await inner.RegisterTableAsync(table, metadataLocation, replaced, annotate, cancellationToken).ConfigureAwait(false);
        }

        // The file's own place comes first: what lies elsewhere is not even read.
        var present = isCommit ? replaced!.Metadata : null;
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        var own = present is null ? [] : await FindOwnAsync(placement, table, present, cancellationToken).ConfigureAwait(false);
        if (replaced is null)
            placement.RequireFree(table);
        await RequirePlacesAsync(placement, table, new NamedPlaces([], [(metadataLocation, "The metadata file")]), own, cancellationToken).ConfigureAwait(false);
        var checkedMetadata = await places.FindTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        if (isCommit && checkedMetadata is not null && !TableIdentity.AreSame(replaced!, checkedMetadata))
            await RequireReplacementAsync(table, cancellationToken).ConfigureAwait(false);
        if (checkedMetadata is not null)
        {
            if (replaced is null || !TableIdentity.AreSame(replaced, checkedMetadata))
                await RequireInheritedAsync(placement, table, metadataLocation, checkedMetadata, cancellationToken).ConfigureAwait(false);
            await RequirePlacesAsync(placement, table, NamedPlaces.Of(metadataLocation, checkedMetadata, present), own, cancellationToken).ConfigureAwait(false);
        }

        return await RegisterSeenAsync(checkedMetadata is null ? null : SeenMetadata.Of(checkedMetadata)).ConfigureAwait(false);

        ValueTask<TableHandle> RegisterSeenAsync(SeenMetadata? seen) =>
            inner.RegisterTableAsync(table, metadataLocation, replaced, SeenMetadata.Guard(metadataLocation, seen, SeenMetadata.Of, annotate), cancellationToken);
    }

    // What it gets back beside the folders that the file names, as by undrop: keys for these come with it, and those of others would end by it. Allowed locations are no matter here:
    // nobody names anything, and keys ask for them anyhow.
    private async ValueTask RequireInheritedAsync(Placement placement, TableIdentifier table, string metadataLocation, TableMetadata metadata, CancellationToken cancellationToken)
    {
        foreach (string folder in await places!.FindInheritedAsync(placement, table, metadataLocation, metadata, cancellationToken).ConfigureAwait(false))
        {
            var others = (await placement.FindOwnersAsync([folder], cancellationToken).ConfigureAwait(false)).Where(o => !IsSelf(o, table));
            foreach (var same in FolderOwner.ByTable(others))
            {
                if (!await MayShareAsync(same, isItself: IsSameTable(same.Key, CatalogPointer.IdentityOf(metadata.TableUuid, metadataLocation)), cancellationToken).ConfigureAwait(false))
                {
                    throw Refused(table, new TarnException(
                        ErrorKind.PermissionDenied,
                        $"The table of '{metadataLocation}' has files in '{folder}' too, where it lay before; another table, view or dropped table has files there by now, or around it, and reading and writing those is not allowed to you. "
                        + $"Who may do both can register it as '{table}', and everybody else once that one has left and can be brought back no more."));
                }
            }
        }
    }

    // Protocols whose clients write the metadata themselves replace a table by its next state: that is a commit. Another table in its place is not.
    private async ValueTask<bool> RequireRegistrationAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced, CancellationToken cancellationToken)
    {
        bool isCommit = replaced is not null && (metadataLocation == replaced.MetadataLocation || TableFolders.HasFile(replaced.Metadata.Location, metadataLocation));
        if (isCommit)
            await RequireAsync(CatalogActions.CommitTable, table, cancellationToken).ConfigureAwait(false);
        else if (replaced is null)
            await RequireAsync(CatalogActions.RegisterTable, table, cancellationToken).ConfigureAwait(false);
        else
            await RequireReplacementAsync(table, cancellationToken).ConfigureAwait(false);
        return isCommit;
    }

    private async ValueTask RequireReplacementAsync(TableIdentifier table, CancellationToken cancellationToken)
    {
        await RequireAsync(CatalogActions.RegisterTable, table, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
    }
}
