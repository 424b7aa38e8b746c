using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>One catalog for everybody.</summary>
internal sealed class OpenWarehouses(ICatalog catalog) : IWarehouses
{
    public string DefaultWarehouse => "lake";

    public ValueTask<ICatalog?> FindAsync(string warehouse, CatalogSession session, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ICatalog?>(catalog);
}
