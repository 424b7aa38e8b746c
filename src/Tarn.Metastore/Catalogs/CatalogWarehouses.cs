using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Tasks;

namespace Tarn.Metastore.Catalogs;

/// <summary>The warehouses of a store.</summary>
/// <param name="catalog">A catalog of the store.</param>
/// <param name="principal">Who changes them, as recorded in the log.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class CatalogWarehouses(EmbeddedCatalog catalog, string principal, TimeProvider? time = null)
{
    // These names mean something else wherever a catalog is named.
    private static readonly string[] s_reserved = ["iceberg", "system", "memory", "temp", "main"];

    private readonly ContendedChanges _changes = new(time ?? TimeProvider.System, Random.Shared);

    /// <summary>All warehouses by name.</summary>
    public async ValueTask<IReadOnlyList<KeyValuePair<string, WarehouseEntry>>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await catalog.Log.ReadAsync(cancellationToken).ConfigureAwait(false)).Warehouses];

    /// <summary>Makes a warehouse.</summary>
    /// <param name="name">Its name, in SQL too.</param>
    /// <param name="location">Under which location its tables go; it has nothing of another warehouse in it, and does not lie below one but the default one.</param>
    /// <param name="properties">Defaults and overrides of its tables: see <see cref="TableDefaults"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">AlreadyExists; InvalidRequest for a name or location that it cannot have; NotFound for a location in a bucket that is not there.</exception>
    public async ValueTask CreateAsync(string name, string location, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default)
    {
        CatalogAddress.RequireName(name, "warehouse");
        TableDefaults.Require(properties);
        if (s_reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw TarnException.Invalid($"A warehouse cannot be called '{name}', which means something else in SQL. Choose another name.");
        string place = location.TrimEnd('/');
        if (place.IndexOf(":/", StringComparison.Ordinal) is not > 0)
            throw TarnException.Invalid($"'{location}' is not a location: write it with its scheme, e.g. s3://lake-{name} or file:///srv/{name}.");
        if (catalog.Store.FindMissingBucket(place) is { } missing)
        {
            throw TarnException.NotFound(
                $"Warehouse '{name}' cannot lie at '{location}', where no table could be made: there is no bucket '{missing}'. Make it first or correct its name, choose a place in a bucket that is there or a folder (file:///srv/{name}), "
                + "or map the prefix to where its files lie (storage.map).");
        }

        await catalog.PlaceAsync(
            async state =>
            {
                if (state.FindWarehouse(name) is null)
                    await catalog.PlacementIn(state).RequireGroundAsync(name, place, cancellationToken).ConfigureAwait(false);
                CommitCondition[] conditions = [new CommitCondition.WarehouseIs(null), catalog.PlacesAre(state)];
                return await catalog.Log.AppendAsync(Request(name, conditions, new CatalogChange.PutWarehouse(place, properties)), cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets and removes properties of a warehouse in one step.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest for a format version of new tables that there is not.</exception>
    public ValueTask UpdateAsync(string name, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default)
    {
        TableDefaults.Require(updates);
        return _changes.RunAsync(
            $"warehouse '{name}'",
            async () => (await catalog.Log.ReadAsync(cancellationToken).ConfigureAwait(false)).RequireWarehouse(name),
            present =>
            {
                var next = present.Properties.RemoveRange(removals).SetItems(updates);
                return AppendAsync(name, new CommitCondition.WarehouseIs(present.Properties), new CatalogChange.PutWarehouse(present.Location, next), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Drops an empty warehouse.</summary>
    /// <exception cref="TarnException">NotFound; InvalidRequest when it is not empty, or the default one.</exception>
    public async ValueTask DropAsync(string name, CancellationToken cancellationToken = default) =>
        await catalog.Log.AppendAsync(Request(name, [], new CatalogChange.DropWarehouse()), cancellationToken).ConfigureAwait(false);

    private async ValueTask AppendAsync(string name, CommitCondition condition, CatalogChange change, CancellationToken cancellationToken) =>
        await catalog.Log.AppendAsync(Request(name, [condition], change), cancellationToken).ConfigureAwait(false);

    private CommitRequest Request(string name, IReadOnlyList<CommitCondition> conditions, CatalogChange change) =>
        new(principal, conditions, [change]) { At = new CatalogAddress(name, CatalogAddress.MainBranch) };
}
