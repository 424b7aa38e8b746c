using Tarn.Access;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Lineage;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Authorization;

/// <summary>The warehouses of a store and their branches, as <c>lake</c> and <c>lake@dev</c>.</summary>
/// <param name="catalogs">The catalogs.</param>
/// <param name="access">Decides who may do what.</param>
/// <param name="allowedLocations">Where clients may put things; null for anywhere.</param>
/// <param name="lineage">Takes what is committed; null when nobody keeps it.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class EmbeddedWarehouses(EmbeddedCatalogs catalogs, IAccessControl access, AllowedLocations? allowedLocations = null, ILineageLog? lineage = null, TimeProvider? time = null) : IWarehouses
{
    private readonly RightsMark _mark = new(catalogs.Log, catalogs.Default.Ground.Folders);

    /// <inheritdoc/>
    public string DefaultWarehouse => catalogs.Default.At.ToString();

    /// <inheritdoc/>
    public IRequestLog Requests { get; } = new CatalogRequestLog(catalogs.Default);

    /// <inheritdoc/>
    public async ValueTask<ICatalog?> FindAsync(string warehouse, CatalogSession session, CancellationToken cancellationToken = default) =>
        // Whatever name a client gives it, in policies a catalog has one.
        await catalogs.FindAsync(warehouse, cancellationToken).ConfigureAwait(false) is { } catalog
            ? new AuthorizedCatalog(catalog.For(session.Principal, session.Request), catalog.At.ToString(), access, session, new CatalogPlaces(catalog, allowedLocations)) { Lineage = lineage, Time = time ?? TimeProvider.System }
            : null;

    /// <inheritdoc/>
    public ValueTask<object> ReadMarkAsync(CancellationToken cancellationToken = default) => _mark.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> MayHaveBeenBranchAsync(string warehouse, CancellationToken cancellationToken = default) => catalogs.MayHaveBeenBranchAsync(warehouse, cancellationToken);
}
