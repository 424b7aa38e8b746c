using Tarn.Core.Caching;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Branches;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// All catalogs of a store: every warehouse under its name, the default warehouse under the name of SQL too (<c>lake</c> is <c>iceberg</c>), and every branch
/// behind an <c>@</c>: <c>lake@dev</c>.
/// </summary>
/// <param name="log">The store of names.</param>
/// <param name="store">The store of files.</param>
/// <param name="options">How the default catalog presents itself; the others take over everything but its name and place.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class EmbeddedCatalogs(ICommitLog log, IObjectStore store, EmbeddedCatalogOptions options, TimeProvider? time = null) : ICatalogs
{
    // Catalogs are kept so that one name is one object; beyond this many they are made again.
    private const int MaxKept = 256;
    private readonly ForgetfulCache<string, EmbeddedCatalog> _kept = new(MaxKept);
    private readonly FormerBranches _former = new(log);

    /// <summary>The catalog that a name without catalog means.</summary>
    public EmbeddedCatalog Default { get; } = new(log, store, options, time);

    ICatalog ICatalogs.Default => Default;

    /// <summary>The log behind all of them.</summary>
    public ICommitLog Log => log;

    /// <summary>Under which location tables of the default warehouse go, without a slash at the end.</summary>
    public string Location => options.WarehouseLocation.TrimEnd('/');

    /// <summary>The warehouses: making, changing and dropping them.</summary>
    public CatalogWarehouses Warehouses => field ??= new(Default, options.Principal, time);

    /// <summary>The branches of a warehouse.</summary>
    public CatalogBranches Branches(string warehouse) => new(log, store, warehouse, options.Principal, options.Undrop, time, Default.TryExpireDroppedAsync);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).Warehouses.Keys.Select(SqlName).Order(StringComparer.Ordinal)];

    async ValueTask<ICatalog?> ICatalogs.FindAsync(string name, CancellationToken cancellationToken) => await FindAsync(name, cancellationToken).ConfigureAwait(false);

    /// <summary>The catalog of a name: <c>iceberg</c>, <c>lake</c>, <c>lake@dev</c>, <c>other</c>; null when there is no such warehouse or branch.</summary>
    public async ValueTask<EmbeddedCatalog?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!CatalogAddress.TryParse(name, out var named))
            return null;
        var at = Stored(named);
        // A name without branch is where the session is.
        if (at.Warehouse == options.At.Warehouse && !name.Contains(CatalogAddress.Separator, StringComparison.Ordinal))
            return Default;
        if ((await log.ReadAsync(cancellationToken).ConfigureAwait(false)).FindBranch(at) is null)
            return null;
        return _kept.GetOrAdd(NameOf(at, name), shown => Default.With(options with { At = at, Name = shown }));
    }

    /// <summary>Whether a name may have been that of a branch: one that is there, or was made and deleted.</summary>
    public async ValueTask<bool> MayHaveBeenBranchAsync(string name, CancellationToken cancellationToken = default) =>
        CatalogAddress.TryParse(name, out var named) && await _former.MayHaveBeenAsync(Stored(named), cancellationToken).ConfigureAwait(false);

    private CatalogAddress Stored(CatalogAddress named) => named.Warehouse == options.Name ? named with { Warehouse = CatalogAddress.DefaultWarehouse } : named;

    private string NameOf(CatalogAddress at, string asked) => asked.Contains(CatalogAddress.Separator, StringComparison.Ordinal)
        ? $"{SqlName(at.Warehouse)}{CatalogAddress.Separator}{at.Branch}"
        : SqlName(at.Warehouse);

    private string SqlName(string warehouse) => warehouse == CatalogAddress.DefaultWarehouse ? options.Name : warehouse;
}
