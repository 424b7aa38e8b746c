using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>The statement that takes a table out of its catalog without a look at its files, for messages about a table that cannot be read.</summary>
internal static class UnregisterCall
{
    /// <summary>The statement.</summary>
    /// <param name="at">The catalog.</param>
    /// <param name="table">The table.</param>
    public static string Of(CatalogAddress at, TableIdentifier table) =>
        $"CALL {Catalog(at)}.system.unregister_table({Text(table.Namespace.ToString())}, {Text(table.Name)})";

    private static string Catalog(CatalogAddress at)
    {
        string name = at.Warehouse == CatalogAddress.DefaultWarehouse ? EmbeddedCatalogOptions.DefaultName : at.Warehouse;
        return at.IsMain && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : $"\"{name}{(at.IsMain ? "" : $"{CatalogAddress.Separator}{at.Branch}")}\"";
    }

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
