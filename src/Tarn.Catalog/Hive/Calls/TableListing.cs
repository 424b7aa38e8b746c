using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>A name of a list, with what is known of it without reading its metadata.</summary>
/// <param name="Name">The name.</param>
/// <param name="TableType">Kind of table.</param>
/// <param name="IcebergType">The parameter <c>table_type</c>, or null for a table of another format.</param>
/// <param name="Comment">The comment, or null when it is not known.</param>
internal sealed record ListedTable(TableIdentifier Name, string TableType, string? IcebergType, string? Comment = null);

/// <summary>Lists of tables and views of a database.</summary>
internal static class TableListing
{
    /// <summary>Everything in a database, by name; empty when there is no such database, as a metastore answers.</summary>
    public static async ValueTask<IReadOnlyList<ListedTable>> ListAsync(ICatalog catalog, string database, CancellationToken cancellationToken)
    {
        if (database.Length == 0)
            return [];
        var found = await ListExactAsync(catalog, database, cancellationToken).ConfigureAwait(false);
        string lower = database.ToLowerInvariant();
        return found ?? (lower == database ? null : await ListExactAsync(catalog, lower, cancellationToken).ConfigureAwait(false)) ?? [];
    }

    private static async ValueTask<IReadOnlyList<ListedTable>?> ListExactAsync(ICatalog catalog, string database, CancellationToken cancellationToken)
    {
        var space = Namespace.Of(database);
        try
        {
            var all = new List<ListedTable>();
            all.AddRange((await catalog.ListTablesAsync(space, default, cancellationToken).ConfigureAwait(false)).Items
                .Select(t => new ListedTable(t, HiveTable.ExternalTable, IcebergParameters.Iceberg)));
            all.AddRange((await catalog.ListViewsAsync(space, default, cancellationToken).ConfigureAwait(false)).Items
                .Select(v => new ListedTable(v, HiveTable.VirtualView, IcebergParameters.IcebergView)));
            foreach (var name in (await catalog.ListForeignTablesAsync(space, default, cancellationToken).ConfigureAwait(false)).Items)
            {
                if (await catalog.LoadForeignTableAsync(name, cancellationToken).ConfigureAwait(false) is { } foreign)
                    all.Add(Of(foreign));
            }

            return [.. all.OrderBy(t => t.Name.Name, StringComparer.Ordinal)];
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    private static ListedTable Of(ForeignTableHandle foreign)
    {
        var table = HiveProperties.ToTable(foreign.Table.Properties, foreign.Identifier.Namespace.Levels[0], foreign.Identifier.Name);
        return new ListedTable(foreign.Identifier, table.TableType, null, table.Parameters.GetValueOrDefault("comment"));
    }
}
