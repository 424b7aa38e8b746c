using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>A table or view with files in a folder.</summary>
/// <param name="At">The catalog that it is in, or was dropped in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Identity">What it is whatever its name and branch; two owners of one identity and warehouse are one table.</param>
/// <param name="IsDropped">Whether it was dropped there, and can be brought back, or its files wait for deletion, or a branch still has it.</param>
internal sealed record FolderOwner(CatalogAddress At, TableIdentifier Name, string Identity, bool IsDropped = false)
{
    /// <summary>Whether it was dropped and can be brought back: its catalog has an entry of it, and is not deleting its files.</summary>
    public bool CanComeBack { get; init; }

    /// <summary>Whether it is a table of another format.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether it is a view.</summary>
    public bool IsView { get; init; }

    /// <summary>Owners by what they are: those of one warehouse with one identity are one table, whose rights are asked for together.</summary>
    public static IEnumerable<IGrouping<(string Warehouse, string Identity), FolderOwner>> ByTable(IEnumerable<FolderOwner> owners) => owners.GroupBy(o => (o.At.Warehouse, o.Identity));
}
