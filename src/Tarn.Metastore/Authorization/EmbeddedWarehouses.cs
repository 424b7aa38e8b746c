using Tarn.Access;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <summary>The one warehouse of an embedded catalog.</summary>
/// <param name="warehouse">Its name.</param>
/// <param name="catalog">Its catalog.</param>
/// <param name="access">Decides who may do what.</param>
public sealed class EmbeddedWarehouses(string warehouse, EmbeddedCatalog catalog, IAccessControl access) : IWarehouses
{
    /// <inheritdoc/>
    public string DefaultWarehouse => warehouse;

    /// <inheritdoc/>
    public ValueTask<ICatalog?> FindAsync(string name, CatalogSession session, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ICatalog?>(name == warehouse ? new AuthorizedCatalog(catalog.For(session.Principal), warehouse, access, session) : null);
}
