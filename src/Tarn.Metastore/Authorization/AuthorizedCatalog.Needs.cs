using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Files that are needed elsewhere than at the table that lets go of them.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<string?> FindNeedAsync(TableIdentifier name, IReadOnlyList<string> folders, string file, CancellationToken cancellationToken = default)
    {
        if (places is null)
            return null;
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        bool isMetadata = TableMetadataJson.IsFileName(file);
        string refused = $"The {(isMetadata ? "metadata file" : "file")} '{file}' is neither deleted nor replaced";
        if (isMetadata && placement.IsPointedTo(file))
            return $"{refused}: it is the present state of a table or view on some branch, or the one that a branch began with, or that of a dropped one which can be brought back.";
        foreach (var (owner, state, isInFolder) in await placement.FindStatesElsewhereAsync(name, folders, file, cancellationToken).ConfigureAwait(false))
        {
            bool? leads = await places.LeadsToAsync(state, file, cancellationToken).ConfigureAwait(false);
            if (leads ?? isInFolder)
                return $"{refused}: {await TellAsync(owner, leads is not null, isMetadata, placement.IsDropOf(owner, name), cancellationToken).ConfigureAwait(false)}";
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask NoteRemovalAsync(TableIdentifier name, IReadOnlyList<string> folders, string file, CancellationToken cancellationToken = default)
    {
        if (places is null)
            return;
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (placement.FindPurgeable(name) is { } dropped
            && await places.LeadsToAsync(dropped, file, cancellationToken).ConfigureAwait(false) == true
            && await MayPurgeAsync(name, cancellationToken).ConfigureAwait(false))
            await places.PurgeDroppedAsync(name, dropped, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> MayPurgeAsync(TableIdentifier name, CancellationToken cancellationToken) =>
        await MayAsync(CatalogActions.DropTable, CatalogResource.Of(warehouse, name), cancellationToken).ConfigureAwait(false)
        && await MayAsync(CatalogActions.WriteData, CatalogResource.Of(warehouse, name), cancellationToken).ConfigureAwait(false);

    private async ValueTask<string> TellAsync(FolderOwner owner, bool isReadable, bool isMetadata, bool isOwnDrop, CancellationToken cancellationToken)
    {
        string called = isOwnDrop ? $"'{owner.Name}' of '{owner.At}', which was dropped and can be brought back," : await NameAsync([owner], cancellationToken).ConfigureAwait(false);
        // Whoever cannot be asked may need any file.
        return !isReadable ? $"{called} has files in its folder too and cannot be read, so nobody knows which files that needs."
            : isOwnDrop ? $"{called} needs it. A purge deletes its files after that time."
            : isMetadata ? $"it is in the metadata log of {called}, which may go back to that state."
            : $"{called} needs it.";
    }
}
