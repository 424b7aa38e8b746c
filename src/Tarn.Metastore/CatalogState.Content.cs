using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

/// <content>Namespaces with what is in them.</content>
public sealed partial class CatalogState
{
    /// <summary>A namespace with all below it, each before the one that it is in; empty when there is none.</summary>
    internal IReadOnlyList<NamespaceContent> ContentOf(Namespace name) =>
    [
        .. from entry in _namespaces.Reverse()
           where entry.Key.Levels.Count >= name.Levels.Count && StartsWith(entry.Key, name)
           select new NamespaceContent(entry.Key, Inside(entry.Key, entry.Value.Tables.Keys), Inside(entry.Key, entry.Value.Views.Keys), Inside(entry.Key, entry.Value.ForeignTables.Keys)),
    ];

    /// <summary>The names of a namespace and of all below it.</summary>
    internal IEnumerable<Namespace> BranchOf(Namespace name) => _namespaces.Keys.Where(n => n.Levels.Count >= name.Levels.Count && StartsWith(n, name));

    private static IReadOnlyList<TableIdentifier> Inside(Namespace name, IEnumerable<string> names) => [.. names.Select(n => new TableIdentifier(name, n))];
}
