using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>Where the things of a store lie, at one moment: all warehouses with all branches, and what was dropped and can be brought back.</summary>
/// <param name="state">The moment.</param>
/// <param name="at">The catalog that is asked about.</param>
/// <param name="defaultLocation">Location of the default warehouse.</param>
/// <param name="ground">Folders of tables, and places of locations.</param>
internal sealed partial class Placement(LogState state, CatalogAddress at, string defaultLocation, CommitGround ground)
{
    private const string HiveFolder = ".db";

    /// <summary>The location of the catalog's warehouse.</summary>
    public string WarehouseLocation => LocationOf(at.Warehouse);

    /// <summary>The folder that new tables of a namespace get their places in, whether or not there is such a namespace.</summary>
    public string FolderOf(Namespace name) => FolderOf(at, state.RequireCatalog(at), name);

    /// <summary>Whether a new table can have a name; that comes before any question about where it lies.</summary>
    /// <exception cref="TarnException">AlreadyExists; NotFound for a missing namespace.</exception>
    public void RequireFree(TableIdentifier name) => state.RequireCatalog(at).RequireFree(name);

    /// <summary>Whether a table or view has a name.</summary>
    public bool IsTaken(TableIdentifier name) =>
        state.RequireCatalog(at) is var catalog && (catalog.FindTable(name) is not null || catalog.FindView(name) is not null || catalog.FindForeignTable(name) is not null);

    /// <summary>The folders that a table had before and has files in still; none of one that is not there.</summary>
    public IReadOnlyList<string> FormerFoldersOf(TableIdentifier name) => state.RequireCatalog(at).FindTable(name)?.FormerFolders ?? [];

    /// <summary>Those of one table whatever its name: what its entries on all branches of the warehouse know, and those that were dropped and can be brought back.</summary>
    public IEnumerable<string> FormerFoldersOf(CatalogPointer table)
    {
        var namespaces = state.RequireWarehouse(at.Warehouse).Branches.Values.SelectMany(b => b.Catalog.Namespaces).DistinctBy(n => n.Value, ReferenceEqualityComparer.Instance);
        var dropped = state.Dropped.Values.Where(d => !d.IsExpiring && d.At.Warehouse == at.Warehouse && d.FormerFolders.Count > 0).Select(d => d.Pointer);
        var there = namespaces.SelectMany(n => n.Value.Tables.Where(t => t.Value.FormerFolders.Count > 0).Select(t => CatalogPointer.Of(new TableIdentifier(n.Key, t.Key), t.Value)));
        return there.Concat(dropped).Where(table.IsOneWith).SelectMany(p => p.FormerFolders);
    }

    /// <summary>The table that a commit has created, under whatever name; null when it has not been made.</summary>
    public Guid? FindCreated(TableCommit commit) => AppliedElsewhere.FindCreated(state, commit);

    /// <summary>The paths that the catalog would give a new table by itself, beside what its creator sets.</summary>
    public IReadOnlyList<(string Property, string Path)> DefaultPaths(TableIdentifier table, IReadOnlyList<TableUpdate> updates) =>
    [
        .. from given in TableDefaults.UpdatesFor(state.RequireWarehouse(at.Warehouse), state.RequireCatalog(at), table.Namespace, updates, owner: "").OfType<TableUpdate.SetProperties>()
           from property in TableFolders.PathProperties
           let path = given.Updates.GetValueOrDefault(property)
           where path is { Length: > 0 }
           select (property, path),
    ];

    /// <summary>Whoever has files in some folders, or in a folder above them.</summary>
    /// <param name="wanted">The folders, in any form.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<IReadOnlyList<FolderOwner>> FindOwnersAsync(IEnumerable<string> wanted, CancellationToken cancellationToken)
    {
        string[] places = [.. wanted.Select(ground.PlaceOf)];
        return FindOwnersAsync(held => held.Folders.Any(h => places.Any(w => TableFolders.Overlap(h, w))), true, cancellationToken);
    }

    /// <summary>
    /// Whoever has files at places of a table. In a folder that the catalog has drawn for it there may be somebody else too, who came with his files, by registration, import or undrop:
    /// he seems to lie there, and nobody else is read.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="own">All of its folders, those of before among them.</param>
    /// <param name="wanted">The places, in any form.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<IReadOnlyList<FolderOwner>> FindOwnersAsync(TableIdentifier table, IReadOnlyList<string> own, IEnumerable<string> wanted, CancellationToken cancellationToken)
    {
        string[] places = [.. wanted.Select(ground.PlaceOf)];
        string? drawn = IsChosenByCatalog(table, own) && ground.PlaceOf(own[0]) is var only && places.All(p => TableFolders.IsIn(p, only)) ? only : null;
        return FindOwnersAsync(held => held.Folders.Any(h => places.Any(w => TableFolders.Overlap(h, w))), true, cancellationToken, drawn);
    }

    /// <summary>
    /// Refuses a new place of a table or view that has files of another one in it, or lies in the folder of one, or that sends its files to the location of one; and one at or above
    /// the folder of a namespace, or in or above another warehouse. The keys of one of them would end by the other.
    /// What was dropped gives way, and to a table of main what still has its name on branches: clients that always name <c>DATABASE/TABLE</c> could not make the table anew.
    /// </summary>
    /// <param name="name">The table or view.</param>
    /// <param name="identity">What it is, see <see cref="FolderOwner.Identity"/>.</param>
    /// <param name="folders">Its folders, the location first.</param>
    /// <param name="isView">Whether it is a view: views have no files that keys are given for, and may share a folder among themselves.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest.</exception>
    public async ValueTask RequireApartAsync(TableIdentifier name, string identity, IReadOnlyList<string> folders, bool isView, CancellationToken cancellationToken)
    {
        RequireGround(name, folders[0]);
        string[] own = [.. folders.Select(ground.PlaceOf)];
        var others = await FindOwnersAsync(
            held => AreTogether(own, held.Roofs) || held.Folders.Any(f => TableFolders.IsIn(f, own[0])), false, cancellationToken, IsChosenByCatalog(name, folders) ? own[0] : null).ConfigureAwait(false);
        if (others.FirstOrDefault(o => !o.IsForeign && !(isView && o.IsView) && o.Identity != identity && !GivesWay(o, name)) is { } other)
            throw NotApart(name, folders[0], $"'{other.Name}' of '{other.At}'");
    }

    // The table itself, in its former state; and what branches still have of one that main makes anew. Not the other way round: main's table would end by what a branch makes.
    private bool GivesWay(FolderOwner owner, TableIdentifier name) => owner.At == at ? owner.Name == name
        : at.IsMain && owner.At.Warehouse == at.Warehouse && (owner.Name == name || NamesAbove(owner).Any(above => above == (at, name)));

    /// <summary>The refusal of a location that another table or view has files in, or around.</summary>
    /// <param name="name">What was to lie there.</param>
    /// <param name="location">The location.</param>
    /// <param name="other">The other one, in words for whoever may hear of it.</param>
    public static TarnException NotApart(TableIdentifier name, string location, string other) => TarnException.Invalid(
        $"The location '{location}' of '{name}' has files of {other} in it, or lies in its folder: every table has a folder of its own. "
        + "Choose another location; where the catalog itself chose it, give the namespace another one (its property 'location') or name one for the table.");

    /// <summary>
    /// Whether a table lies where the catalog puts new ones by itself, in a folder <c>NAME-ID</c> of its namespace: nothing else is made there, and only what seems to lie around it, or came
    /// to lie in it with its files, can be in the way.
    /// </summary>
    public bool IsChosenByCatalog(TableIdentifier table, IReadOnlyList<string> folders)
    {
        if (folders is not [var only])
            return false;
        string place = ground.PlaceOf(only), folder = ground.PlaceOfFolder(FolderOf(table.Namespace));
        return place.Length > folder.Length && TableFolders.IsIn(place, folder) && EmbeddedCatalog.HasNameAndId(CatalogNames.ForLocation(table.Name), place[(folder.Length + 1)..]);
    }

    /// <summary>Whether two tables are not apart: the location of one overlaps a folder of the other. Both have the places of their folders, the location first.</summary>
    public static bool AreTogether(IReadOnlyList<string> folders, IReadOnlyList<string> others) =>
        folders.Count > 0 && others.Count > 0 && (others.Any(o => TableFolders.Overlap(folders[0], o)) || folders.Any(f => TableFolders.Overlap(f, others[0])));

    /// <summary>The table or view that would be brought back under a name of this catalog; null when none is kept.</summary>
    public DroppedEntry? FindDropped(TableIdentifier name, bool isView) =>
        state.Dropped.Values.LastOrDefault(d => d.At == at && d.Name == name && !d.IsExpiring && d.IsView == isView);

    /// <summary>Whoever has a location in their folder.</summary>
    /// <param name="location">The location.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<IReadOnlyList<FolderOwner>> FindOwnersAboveAsync(string location, CancellationToken cancellationToken)
    {
        var around = StepsUp(ground.PlaceOf(location)).ToHashSet(StringComparer.Ordinal);
        return FindOwnersAsync(held => held.Roofs.Any(around.Contains), true, cancellationToken);
    }

    // A place and all that it lies in.
    private static IEnumerable<string> StepsUp(string place)
    {
        for (int end = place.Length; end >= 0; end = end == 0 ? -1 : place.LastIndexOf('/', end - 1))
            yield return place[..end];
    }

    // All that fit; with a drawn folder, of those that seem to lie around or in it.
    private async ValueTask<IReadOnlyList<FolderOwner>> FindOwnersAsync(Func<HeldFolders, bool> fits, bool withDropped, CancellationToken cancellationToken, string? drawn = null)
    {
        List<FolderOwner> found = [];
        string[] around = drawn is null ? [] : [.. StepsUp(drawn)];
        if (drawn is null)
            await ground.Folders.LearnAsync(state.Catalogs.SelectMany(c => c.Value.Namespaces.Select(n => n.Value)).Distinct<NamespaceEntry>(ReferenceEqualityComparer.Instance), cancellationToken).ConfigureAwait(false);
        // Branches share what has not changed: it is looked through once.
        var matches = new Dictionary<NamespaceEntry, IReadOnlyList<HeldFolders>>(ReferenceEqualityComparer.Instance);
        foreach (var (address, catalog) in state.Catalogs)
        {
            foreach (var (name, entry) in catalog.Namespaces)
            {
                if (!matches.TryGetValue(entry, out var held))
                    matches[entry] = held = [.. (await HeldInAsync(entry).ConfigureAwait(false)).Where(fits)];
                found.AddRange(held.Select(h => new FolderOwner(address, new TableIdentifier(name, h.Name), h.Identity) { IsForeign = h.IsForeign, IsView = h.IsView }));
            }
        }

        foreach (var dropped in !withDropped ? [] : drawn is null ? state.Dropped.Values : ground.Folders.SeemingOf(state.Dropped, around))
        {
            if (await IsFittingAsync(dropped, fits, cancellationToken).ConfigureAwait(false))
                found.Add(new FolderOwner(dropped.At, dropped.Name, dropped.Identity, IsDropped: true) { CanComeBack = !dropped.IsExpiring });
        }

        if (withDropped)
        {
            var known = new Dictionary<CatalogAddress, HashSet<string>>();
            found.AddRange([.. found.SelectMany(o => GoneFrom(o, known)).Except(found)]);
        }

        return found;

        ValueTask<IReadOnlyList<HeldFolders>> HeldInAsync(NamespaceEntry entry) =>
            drawn is null ? ground.Folders.OfAsync(entry, cancellationToken) : ground.Folders.OfSeemingAsync(entry, around, cancellationToken);
    }

    // The table of a branch is also that of the branch that it came from, whatever became of it there: rights on its name there are as good as on one that was dropped, unless that branch knows it by another one.
    private IEnumerable<FolderOwner> GoneFrom(FolderOwner owner, Dictionary<CatalogAddress, HashSet<string>> known)
    {
        foreach (var (above, name) in NamesAbove(owner))
        {
            // Mostly it is where it was.
            if (state.RequireCatalog(above).FindTable(name)?.Identity == owner.Identity)
                continue;
            if (!known.TryGetValue(above, out var tables))
                known[above] = tables = [.. state.RequireCatalog(above).Namespaces.SelectMany(n => n.Value.Tables.Values).Select(t => t.Identity), .. state.Dropped.Values.Where(d => d.At == above && !d.IsView).Select(d => d.Identity)];
            if (!tables.Contains(owner.Identity))
                yield return owner with { At = above, Name = name, IsDropped = true, CanComeBack = false };
        }
    }

    // What the table of a branch was called where that branch came from, when both had it last.
    private IEnumerable<(CatalogAddress At, TableIdentifier Name)> NamesAbove(FolderOwner owner)
    {
        for (var above = owner.At; state.FindBranch(above)?.Origin is { } origin && origin.Base.FindTable(owner.Identity) is { } before;)
        {
            above = above with { Branch = origin.Parent };
            yield return (above, before.Name);
        }
    }

    // What was dropped gives way: at the folder of a namespace, or above it, it has its own files there and not all that is to come.
    private async ValueTask<bool> IsFittingAsync(DroppedEntry dropped, Func<HeldFolders, bool> fits, CancellationToken cancellationToken)
    {
        if (dropped.IsView)
            return fits(Held(ground.Folders.OfView(dropped.MetadataLocation)));
        var folders = await ground.Folders.OfTableAsync(dropped.MetadataLocation, dropped.FormerFolders, cancellationToken).ConfigureAwait(false);
        if (!fits(Held(folders)))
            return false;
        return !folders.Any(f => NamespacesIn(f).Any())
            || await ground.ReachedPlaces.FindAsync(dropped.MetadataLocation, cancellationToken).ConfigureAwait(false) is not { } files || fits(Held(files));

        HeldFolders Held(IReadOnlyList<string> held) => new(dropped.Name.Name, dropped.MetadataLocation, held, IsView: dropped.IsView);
    }

    /// <summary>The namespaces of any warehouse and branch whose own folders are a folder or lie below it; the root namespace stands for a warehouse.</summary>
    public IEnumerable<(CatalogAddress At, Namespace Name)> NamespacesIn(string folder)
    {
        string place = ground.PlaceOfFolder(folder);
        return from catalog in state.Catalogs
               from name in catalog.Value.Namespaces.Select(n => n.Key).Prepend(Namespace.Root)
               where TableFolders.IsIn(ground.PlaceOfFolder(FolderOf(catalog.Key, catalog.Value, name)), place)
               select (catalog.Key, name);
    }

    /// <summary>
    /// The namespace that there could be at a location, whose tables the catalog would put there: on the main branch of the warehouse that the location is in.
    /// None for a folder of the table's own form, <c>NAME</c> or <c>NAME-ID</c> in that of its namespace, and outside of all warehouses.
    /// </summary>
    /// <param name="table">The table or view that is to lie there.</param>
    /// <param name="location">The location, normal.</param>
    public (CatalogAddress At, Namespace Name)? FindNamespaceAt(TableIdentifier table, string location) => FindNamespaceAt(location, IsOwn(table, location));

    /// <summary>The same for a namespace that is to lie somewhere; none for its own folder, also with <c>.db</c> behind it, as Hive's clients name it.</summary>
    public (CatalogAddress At, Namespace Name)? FindNamespaceAt(MovedNamespace moved)
    {
        string place = ground.PlaceOf(moved.Folder);
        return FindNamespaceAt(moved.Folder, isOwn: place == ground.PlaceOf(moved.NaturalFolder) || place == ground.PlaceOf(moved.NaturalFolder + HiveFolder));
    }

    private (CatalogAddress At, Namespace Name)? FindNamespaceAt(string location, bool isOwn)
    {
        string place = ground.PlaceOf(location);
        var around = state.Warehouses.Keys.Select(w => (Name: w, Place: PlaceOfWarehouse(w))).Where(w => TableFolders.IsIn(place, w.Place));
        return !isOwn && around.OrderByDescending(w => w.Place.Length).FirstOrDefault() is { Name: not null } warehouse
            ? (new CatalogAddress(warehouse.Name, CatalogAddress.MainBranch), place == warehouse.Place ? Namespace.Root : Namespace.Of(place[(warehouse.Place.Length + 1)..].Split('/')))
            : null;
    }

    // The plain name below the warehouse itself would be the folder of a namespace of that name.
    private bool IsOwn(TableIdentifier table, string location)
    {
        string folder = ground.PlaceOfFolder(FolderOf(table.Namespace));
        string place = ground.PlaceOf(location);
        if (place == folder || !TableFolders.IsIn(place, folder))
            return false;
        string first = place[(folder.Length + 1)..].Split('/')[0];
        string name = CatalogNames.ForLocation(table.Name);
        return first == name ? !TableFolders.IsIn(PlaceOfWarehouse(at.Warehouse), folder) : EmbeddedCatalog.HasNameAndId(name, first);
    }

    private string FolderOf(CatalogAddress address, CatalogState catalog, Namespace name) => EmbeddedCatalog.NamespaceLocation(catalog, name, LocationOf(address.Warehouse));

    private string LocationOf(string warehouse) => state.RequireWarehouse(warehouse).Location ?? defaultLocation;
}
