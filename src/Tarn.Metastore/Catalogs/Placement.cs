using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>Where the things of a store lie, at one moment: all warehouses with all branches, and what was dropped and can be brought back.</summary>
/// <param name="state">The moment.</param>
/// <param name="at">The catalog that is asked about.</param>
/// <param name="defaultLocation">Location of the default warehouse.</param>
/// <param name="ground">Folders of tables, and places of locations.</param>
internal sealed class Placement(LogState state, CatalogAddress at, string defaultLocation, CommitGround ground)
{
    /// <summary>The location of the catalog's warehouse.</summary>
    public string WarehouseLocation => LocationOf(at.Warehouse);

    /// <summary>The folder that new tables of a namespace get their places in, whether or not there is such a namespace.</summary>
    public string FolderOf(Namespace name) => FolderOf(at, state.RequireCatalog(at), name);

    /// <summary>Whether a new table can have a name; that comes before any question about where it lies.</summary>
    /// <exception cref="Core.Errors.TarnException">AlreadyExists; NotFound for a missing namespace.</exception>
    public void RequireFree(TableIdentifier name) => state.RequireCatalog(at).RequireFree(name);

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
        return FindOwnersAsync(held => held.Any(h => places.Any(w => TableFolders.Overlap(h, w))), cancellationToken);
    }

    /// <summary>Whoever has a location in their folder.</summary>
    /// <param name="location">The location.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<IReadOnlyList<FolderOwner>> FindOwnersAboveAsync(string location, CancellationToken cancellationToken)
    {
        string place = ground.PlaceOfFolder(location);
        return FindOwnersAsync(held => held.Any(folder => TableFolders.IsIn(place, folder)), cancellationToken);
    }

    private async ValueTask<IReadOnlyList<FolderOwner>> FindOwnersAsync(Func<IReadOnlyList<string>, bool> fits, CancellationToken cancellationToken)
    {
        List<FolderOwner> found = [];
        // Branches share what has not changed: it is looked through once.
        var matches = new Dictionary<NamespaceEntry, IReadOnlyList<HeldFolders>>(ReferenceEqualityComparer.Instance);
        foreach (var (address, catalog) in state.Catalogs)
        {
            foreach (var (name, entry) in catalog.Namespaces)
            {
                if (!matches.TryGetValue(entry, out var held))
                    matches[entry] = held = [.. (await ground.Folders.OfAsync(entry, cancellationToken).ConfigureAwait(false)).Where(h => fits(h.Folders))];
                found.AddRange(held.Select(h => new FolderOwner(address, new TableIdentifier(name, h.Name), h.Identity)));
            }
        }

        foreach (var dropped in state.Dropped.Values)
        {
            var own = dropped.IsView ? ground.Folders.OfView(dropped.MetadataLocation) : await ground.Folders.OfTableAsync(dropped.MetadataLocation, cancellationToken).ConfigureAwait(false);
            if (fits(own))
                found.Add(new FolderOwner(dropped.At, dropped.Name, dropped.Uuid?.ToString() ?? dropped.MetadataLocation, IsDropped: true));
        }

        return found;
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

    private string FolderOf(CatalogAddress address, CatalogState catalog, Namespace name) => EmbeddedCatalog.NamespaceLocation(catalog, name, LocationOf(address.Warehouse));

    private string LocationOf(string warehouse) => state.RequireWarehouse(warehouse).Location ?? defaultLocation;
}
