using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>One catalog for everybody.</summary>
internal sealed class OpenWarehouses(ICatalog catalog) : IWarehouses
{
    public string DefaultWarehouse => "lake";

    public IRequestLog Requests => throw new NotSupportedException("The Hive Metastore has no keys of requests.");

    public ValueTask<ICatalog?> FindAsync(string warehouse, CatalogSession session, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ICatalog?>(catalog);

    public ValueTask<object> ReadMarkAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<object>(this);

    public ValueTask<bool> MayHaveBeenBranchAsync(string warehouse, CancellationToken cancellationToken = default) => ValueTask.FromResult(false);
}
