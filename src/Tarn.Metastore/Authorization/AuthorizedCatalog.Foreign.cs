using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <content>Tables of other formats: they are tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public ValueTask<Page<TableIdentifier>> ListForeignTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ListAsync(CatalogActions.ListTables, @namespace, page, all => inner.ListForeignTablesAsync(@namespace, all, cancellationToken), CatalogActions.GetTable, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ForeignTableHandle?> LoadForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.LoadForeignTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ForeignTableHandle> CommitForeignTableAsync(
        TableIdentifier table, ForeignTableHandle? baseTable, ForeignTable description, CancellationToken cancellationToken = default)
    {
        await RequireAsync(baseTable is null ? CatalogActions.CreateTable : CatalogActions.CommitTable, table, cancellationToken).ConfigureAwait(false);
        await RequirePlacesAsync(table, baseTable?.Table, description, cancellationToken).ConfigureAwait(false);
        return await inner.CommitForeignTableAsync(table, baseTable, description, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.DropForeignTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RenameForeignTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        await RequireRenameAsync(CatalogActions.RenameTable, s_onTables, from, to, cancellationToken).ConfigureAwait(false);
        await inner.RenameForeignTableAsync(from, to, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RequirePlacesAsync(TableIdentifier table, ForeignTable? present, ForeignTable next, CancellationToken cancellationToken)
    {
        if (places is null)
            return;
        List<(string, string)> named = [];
        if (LocationOf(next.Properties) is { } location)
            named.Add((location, "The location of the table"));
        named.AddRange(
            from partition in next.Partitions
            where !ReferenceEquals(partition.Value, present?.Partitions.GetValueOrDefault(partition.Key))
            let at = LocationOf(partition.Value)
            where at is not null && (named.Count == 0 || !TableFolders.IsIn(at, named[0].Item1))
            select (at, $"The location of partition {partition.Key}"));
        string[] own = present is null ? [] : [.. present.Partitions.Values.Prepend(present.Properties).Select(LocationOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        await RequirePlacesAsync(await places.ReadAsync(cancellationToken).ConfigureAwait(false), table, new NamedPlaces(named, []), own, cancellationToken).ConfigureAwait(false);
    }

    private static string? LocationOf(ImmutableSortedDictionary<string, string> properties) =>
        properties.GetValueOrDefault(KnownFolders.ForeignLocation) is { Length: > 0 } location ? location : null;
}
