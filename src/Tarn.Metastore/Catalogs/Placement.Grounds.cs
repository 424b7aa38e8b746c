using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <content>
/// What is spoken for whatever anybody's rights: the places of warehouses and the folders of namespaces. Tables to come lie there, so no table or view lies at one or above it,
/// and warehouses lie apart.
/// </content>
internal sealed partial class Placement
{
    /// <summary>What a namespace says of itself; null when there is none.</summary>
    public ImmutableSortedDictionary<string, string>? PropertiesOf(Namespace name) => state.RequireCatalog(at).FindNamespace(name)?.Properties;

    /// <summary>The namespaces that come to lie somewhere when one is made, or says something else of itself: those below it that do not say where they lie move with it.</summary>
    /// <param name="name">The one that is made or changed.</param>
    /// <param name="properties">What it is to say of itself.</param>
    /// <returns>They and their new folders; that of the warehouse itself, where Hive's clients put their default database, is open to all and not among them.</returns>
    /// <exception cref="TarnException">NotFound for one in a namespace that is not there.</exception>
    public IReadOnlyList<MovedNamespace> FindMoved(Namespace name, ImmutableSortedDictionary<string, string> properties)
    {
        var before = state.RequireCatalog(at);
        var after = before.Apply(new CatalogChange.PutNamespace(name, properties), state.Number);
        return
        [
            .. from below in after.BranchOf(name)
               let folder = FolderOf(at, after, below)
               let place = ground.PlaceOfFolder(folder)
               where place != PlaceOfWarehouse(at.Warehouse) && (before.FindNamespace(below) is null || place != ground.PlaceOfFolder(FolderOf(at, before, below)))
               select new MovedNamespace(below, folder, $"{FolderOf(at, after, below.Parent)}/{CatalogNames.ForLocation(below.Levels[^1])}"),
        ];
    }

    /// <summary>Refuses the place of a new namespace, or of one that is to move with those below it: in, at or above that of another warehouse, or in the folder of a table.</summary>
    /// <param name="name">The namespace.</param>
    /// <param name="properties">What it says of itself.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest.</exception>
    public async ValueTask RequireGroundAsync(Namespace name, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        const string wayOut = "Give it another place with its property 'location', or another name.";
        foreach (var (moved, folder, _) in FindMoved(name, properties))
        {
            string place = ground.PlaceOf(folder);
            if (FindOtherWarehouse(place) is not null)
                throw TarnException.Invalid($"Namespace '{moved}' of '{at}' would lie at '{folder}', in or above the location of another warehouse. {wayOut}");
            var around = StepsUp(place).ToHashSet(StringComparer.Ordinal);
            var tables = await FindOwnersAsync(held => !held.IsForeign && !held.IsView && held.Roofs.Any(around.Contains), false, cancellationToken).ConfigureAwait(false);
            if (tables is [var table, ..])
                throw TarnException.Invalid($"Namespace '{moved}' would lie at '{folder}', in the folder of table '{table.Name}' of '{table.At}', where no other table can be made. {wayOut}");
        }
    }

    /// <summary>Refuses the place of a new warehouse that has anything of another one in it, or lies in anything of another one but the default warehouse itself.</summary>
    /// <param name="name">The warehouse.</param>
    /// <param name="location">Its location.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest.</exception>
    public async ValueTask RequireGroundAsync(string name, string location, CancellationToken cancellationToken)
    {
        string place = ground.PlaceOfFolder(location);
        foreach (var (other, entry) in state.Warehouses)
        {
            string taken = PlaceOfWarehouse(other);
            if (TableFolders.IsIn(taken, place) || (entry.Location is not null && TableFolders.IsIn(place, taken)))
                throw Taken($"warehouse '{other}' lies at '{LocationOf(other)}'. Choose one that no other contains.");
        }

        if (Folders().FirstOrDefault(f => TableFolders.Overlap(f.Place, place) && f.Place != PlaceOfWarehouse(f.At.Warehouse)) is { Name: not null } there)
            throw Taken($"namespace '{there.Name}' of '{there.At}' lies at '{there.Place}'. Choose another one, or move the namespace first.");
        var owners = await FindOwnersAsync(held => held.Folders.Any(h => TableFolders.IsIn(h, place)) || held.Folders.Take(1).Any(h => TableFolders.IsIn(place, h)), true, cancellationToken).ConfigureAwait(false);
        // What was dropped in one of this name is to come back in this one.
        if (owners.FirstOrDefault(o => !o.IsDropped || o.At.Warehouse != name) is { } owner)
            throw Taken($"'{owner.Name}' of '{owner.At}'{(owner.IsDropped ? ", which was dropped and can be brought back," : "")} has files there. Choose another one.");

        TarnException Taken(string why) => TarnException.Invalid($"'{location}' cannot be the location of warehouse '{name}': {why}");
    }

    /// <summary>Refuses a table or view at the folder of a namespace or above it, where it would have all tables to come in its own, and in or above another warehouse.</summary>
    /// <param name="name">The table or view.</param>
    /// <param name="location">Its location.</param>
    /// <exception cref="TarnException">InvalidRequest.</exception>
    public void RequireGround(TableIdentifier name, string location)
    {
        string place = ground.PlaceOf(location);
        if (FindOtherWarehouse(place) is not null)
            throw TarnException.Invalid($"The location '{location}' of '{name}' is in or above that of another warehouse. Choose one outside of it, or make '{name}' in that warehouse.");
        if (FindGoingTo(location) is { } there)
        {
            throw TarnException.Invalid(
                $"The location '{location}' of '{name}' is the folder that tables of {there} go to, or has it in it: every table has a folder of its own. "
                + "Choose a folder below that of a namespace, or elsewhere; or give the namespace another one first (its property 'location').");
        }
    }

    /// <summary>Refuses that a table is brought back where a namespace or warehouse lies by now, in any of its folders: with that in it, nobody could make a table there.</summary>
    /// <param name="dropped">The table.</param>
    /// <param name="named">The folders that its metadata names, the location first.</param>
    /// <exception cref="TarnException">InvalidRequest.</exception>
    public void RequireGround(DroppedEntry dropped, IReadOnlyList<string> named)
    {
        const string first = "Give that namespace another one first (its property 'location'), or drop that warehouse, if it can go";
        if (FindOtherWarehouse(ground.PlaceOf(named[0])) is { } other)
            throw Refused(named[0], $"warehouse '{other}'", first);
        foreach (string folder in named.Concat(dropped.FormerFolders))
        {
            if (FindGoingTo(folder) is { } there)
                throw Refused(folder, there, named.Contains(folder) ? first : $"{first}; or register its metadata file '{dropped.MetadataLocation}', without the rows in that folder");
        }

        TarnException Refused(string folder, string there, string wayOut) => TarnException.Invalid(
            $"'{dropped.Name}' cannot be brought back: its folder '{folder}' is the one that tables of {there} go to by now, or lies around it or in it. {wayOut}.");
    }

    // Whose tables go to a folder, or to one in it.
    private string? FindGoingTo(string folder) =>
        NamespacesIn(folder).Select(n => n.Name.IsRoot ? $"warehouse '{n.At.Warehouse}'" : $"namespace '{n.Name}' of '{n.At}'").FirstOrDefault();

    // One that this warehouse lies in has everything of this one in it: of that one, rights decide.
    private string? FindOtherWarehouse(string place) => state.Warehouses.Keys.FirstOrDefault(other =>
        other != at.Warehouse && PlaceOfWarehouse(other) is var taken
        && (TableFolders.IsIn(taken, place) || (TableFolders.IsIn(place, taken) && !TableFolders.IsIn(PlaceOfWarehouse(at.Warehouse), taken))));

    private IEnumerable<(CatalogAddress At, Namespace Name, string Place)> Folders() =>
        from catalog in state.Catalogs
        from name in catalog.Value.Namespaces.Select(n => n.Key)
        select (catalog.Key, name, ground.PlaceOfFolder(FolderOf(catalog.Key, catalog.Value, name)));

    private string PlaceOfWarehouse(string name) => ground.PlaceOfFolder(LocationOf(name));
}
