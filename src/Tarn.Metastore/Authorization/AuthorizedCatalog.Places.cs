using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>
/// Where clients may put things: below allowed locations, and in no folder of a table whose files they may not have, wherever in the store that is. What a
/// table has already stays its own.
/// </content>
public sealed partial class AuthorizedCatalog
{
    private const DataRights AllRights = DataRights.Read | DataRights.Write;

    // A namespace comes to lie somewhere by what it says of itself, by its name, and by what one above it says.
    private async ValueTask RequirePlacesAsync(Namespace name, bool isNew, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken)
    {
        if (places is null)
            return;
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        var present = placement.PropertiesOf(name);
        // One that is there already, or is missing, is told by the catalog.
        if (isNew == present is null)
        {
            var next = (present ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)).RemoveRange(removals).SetItems(updates);
            foreach (var moved in placement.FindMoved(name, next))
                await RequireOpenAsync(placement, moved, cancellationToken).ConfigureAwait(false);
        }

        await RequireDefaultPathsAsync(placement, name, updates, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RequireOpenAsync(Placement placement, MovedNamespace moved, CancellationToken cancellationToken)
    {
        string folder = moved.Folder;
        // Clients send back what they were told: where the namespace would lie anyway.
        if (!IsSame(folder, moved.NaturalFolder) && !places!.IsAllowed(placement, folder))
            throw Refused(null, places.Refusal(placement, folder, "The location of the namespace"));
        await RequireNoTableAboveAsync(placement, folder, cancellationToken).ConfigureAwait(false);
        if (await FindForeignNamespaceAsync(placement.FindNamespaceAt(moved), cancellationToken).ConfigureAwait(false) is { } resource)
        {
            throw Refused(null, new TarnException(
                ErrorKind.PermissionDenied,
                $"The location of the namespace '{folder}' is where the tables of another namespace would go, which takes the right {CatalogActions.CreateNamespace} on {resource}. Choose another one (its property 'location')."));
        }
    }

    private async ValueTask RequireDefaultPathsAsync(Placement placement, Namespace name, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        foreach (var (property, path) in DefaultPaths(properties))
        {
            // A relative path leads from the location of each table, which is checked when there is one.
            string folder = TableFolders.Resolve(placement.FolderOf(name), path);
            if (TableFolders.IsAbsolute(path) ? !places!.IsAllowed(placement, path) : !TableFolders.IsIn(folder, placement.FolderOf(name)))
                throw Refused(null, places!.Refusal(placement, path, $"The property {property}"));
            if (TableFolders.IsAbsolute(path))
                await RequireUnusedAsync(placement, null, [(folder, $"The property {property}")], cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<TableCommit> PlacedAsync(TableCommit commit, bool isCreation, CancellationToken cancellationToken)
    {
        if (places is null)
            return commit;
        if (isCreation)
        {
            var placed = commit.Updates.OfType<TableUpdate.SetLocation>().Any()
                ? commit
                : commit with { Updates = [new TableUpdate.SetLocation(await inner.NewTableLocationAsync(commit.Table, cancellationToken).ConfigureAwait(false)), .. commit.Updates] };
            await RequireCreationPlacesAsync(await places.ReadAsync(cancellationToken).ConfigureAwait(false), placed, cancellationToken).ConfigureAwait(false);
            return placed;
        }

        var named = NamedPlaces.Of(commit.Updates, location: null);
        if (named.Folders.Count == 0 && named.Files.Count == 0)
            return commit;
        if ((await inner.LoadTableAsync(commit.Table, cancellationToken).ConfigureAwait(false))?.Metadata is not { } present)
            throw await places.MissingAsync(commit, cancellationToken).ConfigureAwait(false);
        // One that is there may be gone when the commit comes to it: a commit with such a snapshot is exactly the one that made it, or is none.
        if (commit.Updates.OfType<TableUpdate.AddSnapshot>().Any(u => present.FindSnapshot(u.Snapshot.SnapshotId) is not null))
            await places.RequireRepeatedAsync(commit, present, cancellationToken).ConfigureAwait(false);
        named = NamedPlaces.Of(commit.Updates, present);
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        var own = await FindOwnAsync(placement, commit.Table, present, cancellationToken).ConfigureAwait(false);
        if (!named.Folders.Concat(named.Files).All(n => IsInAny(n.Location, own)))
            await RequirePlacesAsync(placement, commit.Table, named, own, cancellationToken).ConfigureAwait(false);
        return commit;
    }

    /// <summary>The folders in which a caller may name anything for a table: those that it has, unless it shares them with what the caller may not have, as keys have it.</summary>
    private async ValueTask<IReadOnlyList<string>> FindOwnAsync(Placement placement, TableIdentifier table, TableMetadata present, CancellationToken cancellationToken)
    {
        var named = TableFolders.Of(present);
        List<string> own = [];
        if (await IsOwnAsync(named).ConfigureAwait(false))
            own.AddRange(named);
        // What others have in a folder that it has left takes that one away, and no other.
        foreach (string former in placement.FormerFoldersOf(table))
        {
            if (await IsOwnAsync([former]).ConfigureAwait(false))
                own.Add(former);
        }

        return own;

        async ValueTask<bool> IsOwnAsync(IReadOnlyList<string> folders)
        {
            var owners = await placement.FindOwnersAsync(table, folders, folders, cancellationToken).ConfigureAwait(false);
            foreach (var same in FolderOwner.ByTable(owners).Where(same => !same.Any(o => IsSelf(o, table))))
            {
                if (await RightsAsync(same, AllRights, cancellationToken).ConfigureAwait(false) != AllRights)
                    return false;
            }

            return true;
        }
    }

    // Clients send back the default paths that they were told: those are the catalog's own choice, named or not.
    private async ValueTask RequireCreationPlacesAsync(Placement placement, TableCommit creation, CancellationToken cancellationToken)
    {
        var given = placement.DefaultPaths(creation.Table, []).ToHashSet();
        IReadOnlyList<TableUpdate> chosen =
        [
            .. creation.Updates.Select(u => u is TableUpdate.SetProperties set ? new TableUpdate.SetProperties(set.Updates.Where(p => !given.Contains((p.Key, p.Value))).ToDictionary()) : u),
        ];
        await RequirePlacesAsync(placement, creation.Table, NamedPlaces.Of(chosen, location: null), [], cancellationToken).ConfigureAwait(false);
        string location = creation.Updates.OfType<TableUpdate.SetLocation>().Last().Location;
        var folders = placement.DefaultPaths(creation.Table, chosen).Select(p => (TableFolders.Resolve(location, p.Path), "A default path of the namespace"));
        await RequireUnusedAsync(placement, creation.Table, [.. folders], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks what a change names.</summary>
    /// <param name="placement">Where things lie.</param>
    /// <param name="name">The table or view.</param>
    /// <param name="named">What is named.</param>
    /// <param name="own">Folders that it has already, in which everything is allowed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async ValueTask RequirePlacesAsync(Placement placement, TableIdentifier name, NamedPlaces named, IReadOnlyList<string> own, CancellationToken cancellationToken)
    {
        var folders = named.Folders.Where(f => !IsInAny(f.Location, own)).ToList();
        var granted = folders.Select(f => f.Location).Where(l => places!.IsAllowed(placement, l) || IsGiven(placement, name.Namespace, l)).ToList();
        if (folders.Find(f => !IsInAny(f.Location, granted)) is { Location: { } outside } unheard)
            throw Refused(name, places!.Refusal(placement, outside, unheard.What));
        var files = named.Files.Where(f => !IsInAny(f.Location, own) && !IsInAny(f.Location, folders.Select(o => o.Location))).ToList();
        if (files.Find(f => !places!.IsAllowed(placement, f.Location)) is { Location: { } elsewhere } refused)
            throw Refused(name, places!.Refusal(placement, elsewhere, refused.What));
        await RequireUnusedAsync(placement, name, folders, named.Identity, areFiles: false, cancellationToken).ConfigureAwait(false);
        await RequireNoRoofAsync(placement, name, folders, cancellationToken).ConfigureAwait(false);
        await RequireUnusedAsync(placement, name, files, null, areFiles: true, cancellationToken).ConfigureAwait(false);
    }

    // Whoever names a folder for a table could have its files opened: with those of other tables in it, that takes the rights on them.
    private ValueTask RequireUnusedAsync(Placement placement, TableIdentifier? name, IReadOnlyList<(string Location, string What)> named, CancellationToken cancellationToken) =>
        RequireUnusedAsync(placement, name, named, null, areFiles: false, cancellationToken);

    private async ValueTask RequireUnusedAsync(Placement placement, TableIdentifier? name, IReadOnlyList<(string Location, string What)> named, string? identity, bool areFiles, CancellationToken cancellationToken)
    {
        // Hardly ever is there anybody: one look for all of them.
        if (named.Count == 0 || (await placement.FindOwnersAsync(named.Select(n => n.Location), cancellationToken).ConfigureAwait(false)).All(o => IsSelf(o, name)))
            return;
        foreach (var (location, what) in named)
        {
            bool isDrawn = name is not null && IsDrawn(placement, name, location);
            var owners = await placement.FindOwnersAsync([location], cancellationToken).ConfigureAwait(false);
            foreach (var same in FolderOwner.ByTable(owners.Where(o => !IsSelf(o, name))))
            {
                if (name is not null && isDrawn && !IsSameTable(same.Key, identity) && same.Any(o => !o.IsDropped))
                    throw Refused(name, Placement.NotApart(name, location, "another table or view"));
                if (!await MayShareAsync(same, isItself: areFiles || IsSameTable(same.Key, identity), cancellationToken).ConfigureAwait(false))
                {
                    string why = name is not null && owners.Any(o => IsSelf(o, name))
                        ? $"lies in a folder of '{name}' of '{warehouse}' that is shared with {await NameAsync(same, cancellationToken).ConfigureAwait(false)}, and reading and writing is not allowed to you there. {WayOut}"
                        : "has files of another table, view or dropped table in it, or lies in the folder of one, and reading and writing them is not allowed to you. Choose another location.";
                    throw Refused(name, new TarnException(ErrorKind.PermissionDenied, $"{what} '{location}' {why}"));
                }
            }
        }
    }

    // What main has, or can bring back, is main's: the right that somebody has on it on a branch is none to put something else there, by which main's keys would end, and undrop fail. For its
    // files, and for the table itself, the rights that are had anywhere do, and so they do once main has forgotten it.
    private async ValueTask<bool> MayShareAsync(IEnumerable<FolderOwner> same, bool isItself, CancellationToken cancellationToken)
    {
        var main = same.Where(o => !isItself && o.At.IsMain && (!o.IsDropped || o.CanComeBack)).ToList();
        return await RightsAsync(main.Count > 0 ? main : same, AllRights, cancellationToken).ConfigureAwait(false) == AllRights;
    }

    // A table at the folder of a namespace would have the tables to come in it.
    private async ValueTask RequireNoRoofAsync(Placement placement, TableIdentifier name, IReadOnlyList<(string Location, string What)> named, CancellationToken cancellationToken)
    {
        foreach (var (location, what) in named)
        {
            if (await FindRoofAsync(placement, [location], cancellationToken).ConfigureAwait(false) is { } folder)
                throw Refused(name, new TarnException(ErrorKind.PermissionDenied, $"{what} '{folder}' is a folder that tables of a namespace go to, or lies above one, and changing that namespace is not allowed to you. Choose another location."));
            if (await FindForeignNamespaceAsync(placement.FindNamespaceAt(name, location), cancellationToken).ConfigureAwait(false) is { } resource)
            {
                throw Refused(name, new TarnException(
                    ErrorKind.PermissionDenied,
                    $"{what} '{location}' is where the tables of another namespace would go, which takes the right {CatalogActions.CreateNamespace} on {resource}. "
                    + $"Leave it out, or choose '{placement.FolderOf(name.Namespace)}/{CatalogNames.ForLocation(name.Name)}' or a folder below that."));
            }
        }
    }

    // A namespace that is not there yet is spoken for all the same, by who may make it.
    private async ValueTask<string?> FindForeignNamespaceAsync((CatalogAddress At, Namespace Name)? there, CancellationToken cancellationToken) =>
        there is var (at, name) && CatalogResource.Of(at.ToString(), name) is var resource && !(await DecideAsync(CatalogActions.CreateNamespace, resource, cancellationToken).ConfigureAwait(false)).IsAllowed
            ? resource
            : null;

    // A namespace in the folder of a table would take the keys from those who may have the table, and not change the namespace.
    private async ValueTask RequireNoTableAboveAsync(Placement placement, string location, CancellationToken cancellationToken)
    {
        foreach (var same in FolderOwner.ByTable(await placement.FindOwnersAboveAsync(location, cancellationToken).ConfigureAwait(false)))
        {
            if (!await MayShareAsync(same, isItself: false, cancellationToken).ConfigureAwait(false))
                throw Refused(null, new TarnException(ErrorKind.PermissionDenied, $"The location of the namespace '{location}' lies in the folder of another table, view or dropped table, and reading and writing that is not allowed to you. Choose another one (its property 'location')."));
        }
    }

    // No policy says so, but the trail tells of it like of any other refusal.
    private TarnException Refused(TableIdentifier? name, TarnException refusal)
    {
        access.RecordRefusal(Request(CatalogActions.UseLocation, name is null ? CatalogResource.Of(warehouse, Namespace.Root) : CatalogResource.Of(warehouse, name)), refusal.Message);
        return refusal;
    }

    private async ValueTask<string?> FindRoofAsync(Placement placement, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        foreach (string folder in folders)
        {
            foreach (var (at, name) in placement.NamespacesIn(folder))
            {
                if (!(await DecideAsync(CatalogActions.UpdateNamespace, CatalogResource.Of(at.ToString(), name), cancellationToken).ConfigureAwait(false)).IsAllowed)
                    return folder;
            }
        }

        return null;
    }

    // Directly in the folder of its namespace, where the catalog itself puts things, unless somebody has sent that folder out of the warehouse.
    private static bool IsGiven(Placement placement, Namespace name, string location)
    {
        string folder = placement.FolderOf(name);
        return TableFolders.IsIn(folder, placement.WarehouseLocation) && TableFolders.IsIn(location, folder)
            && TableFolders.Normalize(location) is var normal && IsSame(normal[..normal.LastIndexOf('/')], folder);
    }

    // A place that the catalog has chosen is never meant to be shared, whatever rights its creator has.
    private static bool IsDrawn(Placement placement, TableIdentifier name, string location) =>
        IsGiven(placement, name.Namespace, location) && EmbeddedCatalog.IsDrawn(name, location);

    private static IEnumerable<(string Property, string Path)> DefaultPaths(IReadOnlyDictionary<string, string> properties) =>
        from prefix in (string[])[TableDefaults.DefaultPrefix, TableDefaults.OverridePrefix]
        from property in TableFolders.PathProperties
        let path = properties.GetValueOrDefault(prefix + property)
        where path is { Length: > 0 }
        select (prefix + property, path);

    // A table that was dropped on one branch comes back to the folder that it has on the others.
    private bool IsSameTable((string Warehouse, string Identity) owner, string? identity) =>
        owner.Identity == identity && CatalogAddress.TryParse(warehouse, out var at) && owner.Warehouse == at.Warehouse;

    private bool IsSelf(FolderOwner owner, TableIdentifier? name) => !owner.IsDropped && owner.Name == name && owner.At.ToString() == warehouse;

    private static bool IsInAny(string location, IEnumerable<string> folders) => folders.Any(f => TableFolders.IsIn(location, f));

    private static bool IsSame(string one, string other) => TableFolders.Normalize(one) == TableFolders.Normalize(other);
}
