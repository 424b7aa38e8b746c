using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <content>
/// Every table and view that is made here has a folder of its own. Whatever puts one somewhere looks whether that is free, and its record of the log holds only when nothing
/// came or moved since. A table that comes with its files, registered or brought back, lies where they are: there rights alone decide.
/// </content>
public sealed partial class EmbeddedCatalog
{
    internal Placement PlacementIn(LogState state) => new(state, At, options.WarehouseLocation, Ground);

    internal CommitCondition.PlacesAre PlacesAre(LogState state) => new(state, Ground.Folders.AreSame);

    /// <summary>Makes a change that puts something somewhere, and again while others do the same.</summary>
    internal async ValueTask<T> PlaceAsync<T>(Func<LogState, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        for (var backoff = Ground.NewBackoff(); ;)
        {
            try
            {
                return await attempt(await log.ReadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (PlacesChangedException lost)
            {
                await backoff.WaitAsync(lost, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask RequireApartAsync(LogState state, TableIdentifier name, TableMetadata metadata, CancellationToken cancellationToken) =>
        await PlacementIn(state).RequireApartAsync(name, metadata.TableUuid?.ToString() ?? "", TableFolders.Of(metadata), isView: false, cancellationToken).ConfigureAwait(false);

    private async ValueTask RequireApartAsync(LogState state, TableIdentifier name, ViewMetadata metadata, CancellationToken cancellationToken) =>
        await PlacementIn(state).RequireApartAsync(name, metadata.ViewUuid.ToString(), TableFolders.Of(metadata), isView: true, cancellationToken).ConfigureAwait(false);

    // Of one commit: what it makes must be apart as well.
    private void RequireApart(IReadOnlyList<TableDraft> drafts)
    {
        var placed = drafts.Where(d => d.IsPlaced).Select(d => (d.Table, Metadata: d.Metadata!, Places: TableFolders.Of(d.Metadata!).Concat(d.FormerFolders).Select(Ground.PlaceOf).ToArray())).ToList();
        for (int i = 1; i < placed.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (Placement.AreTogether(placed[i].Places, placed[j].Places))
                    throw Core.Errors.TarnException.Invalid($"The tables '{placed[j].Table}' and '{placed[i].Table}' of one commit are to share the folder '{placed[i].Metadata.Location}': every table has a folder of its own. Choose another location for one of them.");
            }
        }
    }
}
