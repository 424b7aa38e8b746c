using System.Collections.Immutable;
using Tarn.Access.Store;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore;

/// <summary>Everything in the store at one commit: warehouses with their branches, what was dropped, identities, requests that may come again. Immutable: whoever holds it sees one consistent moment.</summary>
public sealed partial record LogState
{
    private LogState()
    {
    }

    /// <summary>The state before the first commit: the default warehouse, empty.</summary>
    public static LogState Empty { get; } = new();

    /// <summary>Number of the last commit in it; 0 before the first.</summary>
    public long Number { get; internal init; }

    /// <summary>Time of the last commit, UTC.</summary>
    public DateTimeOffset Time { get; internal init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Documents about identities; their version is the number of the last commit that changed one.</summary>
    public AccessRecords Access { get; internal init; } = AccessRecords.Empty;

    /// <summary>Warehouses by name; <see cref="CatalogAddress.DefaultWarehouse"/> is always there.</summary>
    public ImmutableSortedDictionary<string, WarehouseEntry> Warehouses { get; internal init; } =
        ImmutableSortedDictionary.Create<string, WarehouseEntry>(StringComparer.Ordinal).Add(CatalogAddress.DefaultWarehouse, WarehouseEntry.Empty);

    /// <summary>Tables and views that were dropped and can be brought back, or whose files wait for deletion; oldest first.</summary>
    public ImmutableSortedDictionary<DroppedKey, DroppedEntry> Dropped { get; internal init; } = ImmutableSortedDictionary<DroppedKey, DroppedEntry>.Empty;

    /// <summary>Requests that were applied and may come again.</summary>
    public AppliedRequests Applied { get; internal init; } = AppliedRequests.Empty;

    // How many the last commit dropped: what it drops next gets this ordinal.
    private int DroppedHere { get; init; }

    // What it has dropped without purge.
    private ImmutableList<CatalogPointer> LeftHere { get; init; } = [];

    /// <summary>The default warehouse on its main branch.</summary>
    public CatalogState Main => RequireCatalog(CatalogAddress.Default);

    /// <summary>The time that a commit would get now: clocks of servers differ, and the time of the log never goes back.</summary>
    public DateTimeOffset TimeAt(DateTimeOffset now) => now > Time ? now : Time;

    /// <summary>All catalogs: every warehouse on every branch.</summary>
    public IEnumerable<KeyValuePair<CatalogAddress, CatalogState>> Catalogs =>
        from warehouse in Warehouses
        from branch in warehouse.Value.Branches
        select KeyValuePair.Create(new CatalogAddress(warehouse.Key, branch.Key), branch.Value.Catalog);

    /// <summary>The warehouse, or null.</summary>
    public WarehouseEntry? FindWarehouse(string name) => Warehouses.GetValueOrDefault(name);

    /// <summary>The branch, or null.</summary>
    public BranchEntry? FindBranch(CatalogAddress at) => FindWarehouse(at.Warehouse)?.Branches.GetValueOrDefault(at.Branch);

    /// <exception cref="TarnException">NotFound when there is no such warehouse.</exception>
    public WarehouseEntry RequireWarehouse(string name) =>
        FindWarehouse(name) ?? throw TarnException.NotFound($"Warehouse '{name}' does not exist; there are {string.Join(", ", Warehouses.Keys)}. 'tarn catalog create' makes one.");

    /// <exception cref="TarnException">NotFound when there is no such warehouse or branch.</exception>
    public BranchEntry RequireBranch(CatalogAddress at)
    {
        var branches = RequireWarehouse(at.Warehouse).Branches;
        return branches.GetValueOrDefault(at.Branch)
            ?? throw TarnException.NotFound($"Warehouse '{at.Warehouse}' has no branch '{at.Branch}'; it has {string.Join(", ", branches.Keys)}. 'tarn branch create' makes one.");
    }

    /// <exception cref="TarnException">NotFound when there is no such warehouse or branch.</exception>
    public CatalogState RequireCatalog(CatalogAddress at) => RequireBranch(at).Catalog;

    /// <summary>What clients of other protocols keep beside a metadata file, where it is that of the same name on another branch, or of something dropped; null when it is not.</summary>
    internal ImmutableSortedDictionary<string, string>? FindAnnotations(CatalogAddress at, TableIdentifier name, string metadataLocation) =>
        RequireWarehouse(at.Warehouse).Branches.Values.Select(b => b.Catalog.Find(name))
            .Concat(Dropped.Values.Where(d => d.At.Warehouse == at.Warehouse && d.MetadataLocation == metadataLocation).Select(d => d.Pointer))
            .FirstOrDefault(p => p?.MetadataLocation == metadataLocation)?.Annotations;

    /// <summary>Every metadata file that is current: on any branch or where it was made, and of what can be brought back; and those of <see cref="DroppedEntry.Common"/>.</summary>
    internal IEnumerable<string> PointedTo =>
        Catalogs.Select(c => c.Value).Concat(Warehouses.Values.SelectMany(w => w.Branches.Values).Select(b => b.Origin?.Base).OfType<CatalogState>())
            .SelectMany(c => c.Pointers).SelectMany(p => p.Common.Prepend(p.MetadataLocation))
            .Concat(Dropped.Values.SelectMany(d => d.Common.Prepend(d.MetadataLocation)));

    /// <summary>Those of some metadata files that are current nowhere: on no branch nor where it was made, and in nothing that can be brought back.</summary>
    /// <param name="metadataLocations">The files.</param>
    /// <param name="placeOf">One text for one place; it keeps the name of a file.</param>
    public IReadOnlyCollection<string> WithoutPointers(IEnumerable<string> metadataLocations, Func<string, string> placeOf)
    {
        var left = metadataLocations.ToList();
        foreach (string pointer in PointedTo)
            left.RemoveAll(file => file == pointer || (NameOf(file).SequenceEqual(NameOf(pointer)) && placeOf(file) == placeOf(pointer)));
        return left;

        static ReadOnlySpan<char> NameOf(string location) => location.AsSpan(location.LastIndexOf('/') + 1);
    }
}
