using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Requests;

/// <summary>The requests that were applied, whichever server applied them. It makes no decisions: who asks for a request must have sent it.</summary>
public interface IRequestLog
{
    /// <summary>The request of a key, or null when it was not applied, or longer ago than requests are remembered.</summary>
    ValueTask<AppliedRequest?> FindAsync(RequestKey key, CancellationToken cancellationToken = default);

    /// <summary>The table as a request left it.</summary>
    /// <param name="metadataLocation">The metadata file that is its result.</param>
    /// <param name="table">Its name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Core.Errors.TarnException">NotFound when the file is gone meanwhile.</exception>
    ValueTask<TableHandle> LoadTableAsync(TableIdentifier table, string metadataLocation, CancellationToken cancellationToken = default);

    /// <summary>The view as a request left it; as <see cref="LoadTableAsync"/>.</summary>
    ValueTask<ViewHandle> LoadViewAsync(TableIdentifier view, string metadataLocation, CancellationToken cancellationToken = default);
}
