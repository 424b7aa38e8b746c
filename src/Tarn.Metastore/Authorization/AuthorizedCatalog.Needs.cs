using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Metadata files that are needed elsewhere than at the table that lets go of them.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public async ValueTask<string?> FindNeedAsync(TableIdentifier name, string metadataLocation, CancellationToken cancellationToken = default)
    {
        if (places is null)
            return null;
        string refused = $"The metadata file '{metadataLocation}' is neither deleted nor replaced";
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (placement.IsPointedTo(metadataLocation))
            return $"{refused}: it is the present state of a table or view on some branch, or the one that a branch began with, or that of a dropped one which can be brought back.";
        foreach (var (owner, file) in await placement.FindStatesElsewhereAsync(name, metadataLocation, cancellationToken).ConfigureAwait(false))
        {
            // Whoever cannot be asked may go back to any state.
            if (await places.FindTableAsync(file, cancellationToken).ConfigureAwait(false) is not { } metadata)
                return $"{refused}: {await NameAsync([owner], cancellationToken).ConfigureAwait(false)} has files in its folder too and cannot be read, so nobody knows which states that may go back to.";
            if (metadata.MetadataLog.Any(entry => placement.AreOneFile(entry.MetadataFile, metadataLocation)))
                return $"{refused}: it is in the metadata log of {await NameAsync([owner], cancellationToken).ConfigureAwait(false)}, which may go back to that state.";
        }

        return null;
    }
}
