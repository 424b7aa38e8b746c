using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Authorization;

/// <summary>The catalogs of an installation. Doors get catalogs only here, so that every use is in somebody's name.</summary>
public interface IWarehouses
{
    /// <summary>The warehouse of clients that name none.</summary>
    string DefaultWarehouse { get; }

    /// <summary>Requests that were applied to any of them.</summary>
    IRequestLog Requests { get; }

    /// <summary>A catalog as somebody may use it: each call asks for a decision and is recorded in their name.</summary>
    /// <param name="warehouse">Name of the warehouse, exactly.</param>
    /// <param name="session">In whose name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The catalog, or null when there is no such warehouse.</returns>
    ValueTask<ICatalog?> FindAsync(string warehouse, CatalogSession session, CancellationToken cancellationToken = default);

    /// <summary>
    /// A mark that is another one as soon as anything changed by which rights on files are decided: where things lie, and who may do what. As long as it is the same
    /// object, an answer of <see cref="IDataAccess.FindFileRightsAsync(Iceberg.Catalogs.TableIdentifier, IReadOnlyList{string}, CancellationToken)"/> is right, but for conditions on the time.
    /// </summary>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<object> ReadMarkAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether a name may have been that of a branch, <c>lake@dev</c>, which is there or was deleted: what was committed to it may stand on another one.</summary>
    /// <param name="warehouse">The name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<bool> MayHaveBeenBranchAsync(string warehouse, CancellationToken cancellationToken = default);
}
