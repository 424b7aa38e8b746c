using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

/// <summary>The namespaces, tables and views of one catalog at one commit. Immutable: what a branch does not change it shares with the branch that it came from.</summary>
public sealed partial class CatalogState
{
    private readonly ImmutableSortedDictionary<Namespace, NamespaceEntry> _namespaces;

    private CatalogState(ImmutableSortedDictionary<Namespace, NamespaceEntry> namespaces) => _namespaces = namespaces;

    /// <summary>A catalog without namespaces.</summary>
    public static CatalogState Empty { get; } = new(ImmutableSortedDictionary.Create<Namespace, NamespaceEntry>(NamespaceOrder.Instance));

    /// <summary>All namespaces, a parent before its children, ordinal by level.</summary>
    public IEnumerable<KeyValuePair<Namespace, NamespaceEntry>> Namespaces => _namespaces;

    /// <summary>The namespace, or null.</summary>
    public NamespaceEntry? FindNamespace(Namespace name) => _namespaces.GetValueOrDefault(name);

    /// <summary>The table, or null.</summary>
    public TableEntry? FindTable(TableIdentifier table) => FindNamespace(table.Namespace)?.Tables.GetValueOrDefault(table.Name);

    /// <summary>The view, or null.</summary>
    public ViewEntry? FindView(TableIdentifier view) => FindNamespace(view.Namespace)?.Views.GetValueOrDefault(view.Name);

    /// <summary>The table of another format, or null.</summary>
    public ForeignEntry? FindForeignTable(TableIdentifier table) => FindNamespace(table.Namespace)?.ForeignTables.GetValueOrDefault(table.Name);

    /// <summary>Direct children of a namespace, in ordinal order.</summary>
    public IEnumerable<Namespace> Children(Namespace parent) =>
        _namespaces.Keys.Where(n => n.Levels.Count == parent.Levels.Count + 1 && StartsWith(n, parent));

    /// <exception cref="TarnException">NotFound when there is no such namespace.</exception>
    public NamespaceEntry RequireNamespace(Namespace name) =>
        FindNamespace(name) ?? throw new MissingNamespaceException(name, $"Namespace '{name}' does not exist; create it first, or check its spelling (names are case-sensitive).");

    /// <exception cref="TarnException">AlreadyExists when a table or view has the name, NotFound when there is no such namespace.</exception>
    public void RequireFree(TableIdentifier name)
    {
        var entry = RequireNamespace(name.Namespace);
        if (entry.Tables.ContainsKey(name.Name))
            throw TarnException.AlreadyExists($"Table '{name}' exists already.");
        if (entry.Views.ContainsKey(name.Name))
            throw TarnException.AlreadyExists($"View '{name}' exists already; tables and views share one name space.");
        if (entry.ForeignTables.ContainsKey(name.Name))
            throw TarnException.AlreadyExists($"Table '{name}' of another format exists already; all tables and views share one name space.");
    }

    /// <summary>This catalog with other namespaces, everything else shared.</summary>
    internal CatalogState Restore(IEnumerable<Namespace> removed, IEnumerable<KeyValuePair<Namespace, NamespaceEntry>> changed)
    {
        var namespaces = _namespaces.RemoveRange(removed).SetItems(changed);
        return ReferenceEquals(namespaces, _namespaces) ? this : new CatalogState(namespaces);
    }

    private static bool StartsWith(Namespace name, Namespace parent)
    {
        for (int i = 0; i < parent.Levels.Count; i++)
        {
            if (!string.Equals(name.Levels[i], parent.Levels[i], StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    /// <summary>The order of namespaces: a parent before its children, ordinal by level.</summary>
    internal static IComparer<Namespace> NameOrder => NamespaceOrder.Instance;

    private sealed class NamespaceOrder : IComparer<Namespace>
    {
        public static NamespaceOrder Instance { get; } = new();

        public int Compare(Namespace? x, Namespace? y)
        {
            for (int i = 0; i < Math.Min(x!.Levels.Count, y!.Levels.Count); i++)
            {
                int order = string.CompareOrdinal(x.Levels[i], y.Levels[i]);
                if (order != 0)
                    return order;
            }

            return x.Levels.Count.CompareTo(y!.Levels.Count);
        }
    }
}

/// <summary>A namespace and what is directly inside.</summary>
/// <param name="Properties">Its properties.</param>
/// <param name="Tables">Tables by name.</param>
/// <param name="Views">Views by name.</param>
public sealed record NamespaceEntry(
    ImmutableSortedDictionary<string, string> Properties,
    ImmutableSortedDictionary<string, TableEntry> Tables,
    ImmutableSortedDictionary<string, ViewEntry> Views)
{
    /// <summary>The property that says where the tables of a namespace go.</summary>
    internal const string LocationProperty = "location";

    /// <summary>Tables of other formats by name.</summary>
    public ImmutableSortedDictionary<string, ForeignEntry> ForeignTables { get; init; } = ImmutableSortedDictionary.Create<string, ForeignEntry>(StringComparer.Ordinal);

    /// <summary>Its tables, then its views, each by name.</summary>
    /// <param name="name">Its own name.</param>
    internal IEnumerable<CatalogPointer> Pointers(Namespace name) =>
        Tables.Select(t => CatalogPointer.Of(new TableIdentifier(name, t.Key), t.Value))
            .Concat(Views.Select(v => CatalogPointer.Of(new TableIdentifier(name, v.Key), v.Value)));

    /// <summary>Refuses that it, or anything inside of it, is dropped.</summary>
    public bool IsProtected { get; init; }

    /// <summary>A namespace without tables and views.</summary>
    public static NamespaceEntry Create(ImmutableSortedDictionary<string, string> properties) => new(
        properties,
        ImmutableSortedDictionary.Create<string, TableEntry>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, ViewEntry>(StringComparer.Ordinal));
}

/// <summary>A table of the state.</summary>
/// <param name="Uuid">Identity; null only for version 1 metadata without one.</param>
/// <param name="MetadataLocation">Its current metadata file.</param>
public sealed record TableEntry(Guid? Uuid, string MetadataLocation)
{
    /// <summary>What clients of other protocols keep beside the metadata.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Folders that its metadata does not name any more, in which files of its snapshots lie still.</summary>
    public IReadOnlyList<string> FormerFolders { get; init; } = [];

    /// <inheritdoc cref="DroppedEntry.Common"/>
    public IReadOnlyList<string> Common { get; init; } = [];

    /// <summary>Refuses that it is dropped.</summary>
    public bool IsProtected { get; init; }

    /// <summary>What it is whatever its name and branch.</summary>
    internal string Identity => CatalogPointer.IdentityOf(Uuid, MetadataLocation);
}

/// <summary>A view of the state.</summary>
/// <param name="Uuid">Identity.</param>
/// <param name="MetadataLocation">Its current metadata file.</param>
public sealed record ViewEntry(Guid Uuid, string MetadataLocation)
{
    /// <inheritdoc cref="TableEntry.Annotations"/>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <inheritdoc cref="DroppedEntry.Common"/>
    public IReadOnlyList<string> Common { get; init; } = [];

    /// <summary>Refuses that it is dropped.</summary>
    public bool IsProtected { get; init; }
}

/// <summary>A table of another format.</summary>
/// <param name="Version">Number of the commit that changed it last.</param>
/// <param name="Properties">What is known of it.</param>
/// <param name="Partitions">Its partitions by name.</param>
public sealed record ForeignEntry(
    long Version,
    ImmutableSortedDictionary<string, string> Properties,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Partitions);
