using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Requests;

/// <summary>The requests in the log of a store.</summary>
internal sealed class CatalogRequestLog(EmbeddedCatalog catalog) : IRequestLog
{
    /// <inheritdoc/>
    public async ValueTask<AppliedRequest?> FindAsync(RequestKey key, CancellationToken cancellationToken = default)
    {
        var state = await catalog.Log.ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.Applied.Find(key, state.TimeAt(catalog.Ground.Time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle> LoadTableAsync(TableIdentifier table, string metadataLocation, CancellationToken cancellationToken = default)
    {
        var (metadata, content) = await catalog.Ground.Metadata.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        return new TableHandle(table, metadataLocation, metadata) { Content = content };
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> LoadViewAsync(TableIdentifier view, string metadataLocation, CancellationToken cancellationToken = default) =>
        new(view, metadataLocation, await catalog.Ground.Metadata.ReadViewAsync(metadataLocation, cancellationToken).ConfigureAwait(false));
}
