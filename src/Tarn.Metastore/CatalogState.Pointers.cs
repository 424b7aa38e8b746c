using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

public sealed partial class CatalogState
{
    /// <summary>All tables and views, by namespace and name.</summary>
    public IEnumerable<CatalogPointer> Pointers =>
        from entry in _namespaces
        from pointer in entry.Value.Pointers(entry.Key)
        select pointer;

    /// <summary>The table or view of this name, or null.</summary>
    public CatalogPointer? FindPointer(TableIdentifier name) =>
        FindTable(name) is { } table ? new CatalogPointer(name, false, table.Uuid, table.MetadataLocation)
        : FindView(name) is { } view ? new CatalogPointer(name, true, view.Uuid, view.MetadataLocation)
        : null;
}

/// <summary>A name that leads to a metadata file.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsView">A view, else a table.</param>
/// <param name="Uuid">Identity; null only for version 1 metadata without one.</param>
/// <param name="MetadataLocation">The file.</param>
public sealed record CatalogPointer(TableIdentifier Name, bool IsView, Guid? Uuid, string MetadataLocation)
{
    /// <summary>The word for what it is.</summary>
    public string Kind => IsView ? "view" : "table";
}
