using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Authorization;

/// <summary>Where things of a catalog may lie, and where all things of its store do.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="allowed">Where clients may put things; null for anywhere.</param>
public sealed class CatalogPlaces(EmbeddedCatalog catalog, AllowedLocations? allowed)
{
    /// <summary>Where all things lie now.</summary>
    internal ValueTask<Placement> ReadAsync(CancellationToken cancellationToken) => catalog.ReadPlacementAsync(cancellationToken);

    /// <summary>Whether a client may name a location.</summary>
    internal bool IsAllowed(Placement placement, string location) => allowed is null || allowed.Contains(location, placement.WarehouseLocation);

    /// <summary>The refusal of a location.</summary>
    internal TarnException Refusal(Placement placement, string location, string what) => new(
        ErrorKind.PermissionDenied,
        $"{what} '{location}' is not below an allowed location ({allowed?.Describe(placement.WarehouseLocation)}). Leave it out, or allow it with catalog.allowed_locations.");

    /// <summary>What is said of a commit to a table that is not there, or not for whoever sends it: that it is missing, or that the commit was made before.</summary>
    internal ValueTask<TarnException> MissingAsync(TableCommit commit, CancellationToken cancellationToken) => catalog.MissingAsync(commit, cancellationToken);

    /// <summary>The folders that a metadata file of a table or view names.</summary>
    /// <exception cref="TarnException">The file is not there or cannot be read.</exception>
    internal async ValueTask<IReadOnlyList<string>> ReadFoldersAsync(string metadataLocation, bool isView, CancellationToken cancellationToken) => isView
        ? TableFolders.Of(await catalog.Ground.Metadata.ReadViewAsync(metadataLocation, cancellationToken).ConfigureAwait(false))
        : TableFolders.Of((await catalog.Ground.Metadata.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false)).Metadata);

    /// <summary>The folders that a table gets by being registered and its metadata does not name.</summary>
    internal ValueTask<IReadOnlyList<string>> FindInheritedAsync(Placement placement, TableIdentifier table, string metadataLocation, TableMetadata metadata, CancellationToken cancellationToken) =>
        new FormerFolders(catalog.Ground, placement).InheritedAsync(table, metadataLocation, metadata, cancellationToken);

    /// <summary>Refuses a commit with snapshots that the table has, unless it is the one that they came with.</summary>
    /// <exception cref="CommitConflictException">It is another one.</exception>
    internal async ValueTask RequireRepeatedAsync(TableCommit commit, TableMetadata present, CancellationToken cancellationToken)
    {
        if (!await catalog.Ground.Repeated.IsInAsync(present, commit, catalog.Ground.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false))
            TableDraft.RequireNewSnapshots(commit.Table, present, commit);
    }

    /// <summary>The metadata of a table; null when the file is not there or cannot be read, which whoever needs it says in its own words.</summary>
    internal async ValueTask<TableMetadata?> FindTableAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        try
        {
            return (await catalog.Ground.Metadata.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false)).Metadata;
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return null;
        }
    }

    /// <inheritdoc cref="ReachedFiles.LeadsToAsync"/>
    internal ValueTask<bool?> LeadsToAsync(string metadataLocation, string file, CancellationToken cancellationToken) =>
        catalog.Ground.ReachedFiles.LeadsToAsync(metadataLocation, file, cancellationToken);

    /// <inheritdoc cref="EmbeddedCatalog.PurgeDroppedAsync"/>
    internal async ValueTask PurgeDroppedAsync(TableIdentifier name, string metadataLocation, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.PurgeDroppedAsync(name, metadataLocation, cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.Conflict)
        {
            return; // it came back, or went, meanwhile
        }
    }

    /// <summary>The metadata of a view; null as <see cref="FindTableAsync"/> says.</summary>
    internal async ValueTask<ViewMetadata?> FindViewAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.Ground.Metadata.ReadViewAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return null;
        }
    }
}
