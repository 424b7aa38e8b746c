using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

public sealed partial class CatalogState
{
    /// <summary>The catalog after a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="number">Number of the commit.</param>
    /// <exception cref="TarnException">NotFound, AlreadyExists or InvalidRequest when the change does not fit this state.</exception>
    internal CatalogState Apply(CatalogChange change, long number) => With(ApplyChange(change, number));

    /// <summary>The catalog with more files that something in it has in common with others, see <see cref="DroppedEntry.Common"/>.</summary>
    internal CatalogState WithCommon(CatalogPointer here, IEnumerable<string> more, long number)
    {
        string[] common = [.. here.Common.Union(more, StringComparer.Ordinal)];
        return common.Length == here.Common.Count ? this
            : Apply(here.IsView ? new CatalogChange.PutView(here.Name, here.Uuid!.Value, here.MetadataLocation) { Common = common } : new CatalogChange.PutTable(here.Name, here.Uuid, here.MetadataLocation) { Common = common }, number);
    }

    private static CatalogState With(ImmutableSortedDictionary<Namespace, NamespaceEntry> namespaces) => new(namespaces);

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> ApplyChange(CatalogChange change, long number) => change switch
    {
        CatalogChange.PutNamespace put => Put(put),
        CatalogChange.DropNamespace drop => Drop(drop.Namespace),
        CatalogChange.PutTable put => Put(put),
        CatalogChange.DropTable drop => DropTable(drop.Table),
        CatalogChange.RenameTable rename => Rename(rename),
        CatalogChange.PutView put => Put(put),
        CatalogChange.DropView drop => DropView(drop.View),
        CatalogChange.RenameView rename => Rename(rename),
        CatalogChange.PutForeignTable put => Put(put, number),
        CatalogChange.DropForeignTable drop => DropForeignTable(drop.Table),
        CatalogChange.RenameForeignTable rename => Rename(rename),
        CatalogChange.ProtectNamespace protect => Protect(protect),
        CatalogChange.ProtectTable protect => Protect(protect),
        CatalogChange.ProtectView protect => Protect(protect),
        _ => throw TarnException.Unsupported($"Catalog change '{change.GetType().Name}' is not known."),
    };

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Put(CatalogChange.PutNamespace put)
    {
        if (put.Namespace.IsRoot)
            throw TarnException.Invalid("The root namespace cannot be created or changed; give at least one level.");
        if (!put.Namespace.Parent.IsRoot)
            RequireNamespace(put.Namespace.Parent);
        var entry = FindNamespace(put.Namespace) is { } present
            ? present with { Properties = put.Properties }
            : NamespaceEntry.Create(put.Properties);
        return _namespaces.SetItem(put.Namespace, entry);
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Drop(Namespace name)
    {
        var entry = RequireNamespace(name);
        RequireUnprotected(name, entry.IsProtected, $"Namespace '{name}'");
        string? inside = entry.Tables.Keys.Select(t => $"table '{t}'").Concat(entry.Views.Keys.Select(v => $"view '{v}'"))
            .Concat(entry.ForeignTables.Keys.Select(t => $"table '{t}'")).Concat(Children(name).Select(n => $"namespace '{n}'")).FirstOrDefault();
        return inside is null
            ? _namespaces.Remove(name)
            : throw TarnException.Invalid($"Namespace '{name}' is not empty: it holds {inside}. Drop or move what is inside first.");
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Put(CatalogChange.PutTable put)
    {
        var entry = RequireNamespace(put.Table.Namespace);
        if (entry.Views.ContainsKey(put.Table.Name))
            throw TarnException.AlreadyExists($"View '{put.Table}' exists already; tables and views share one name space.");
        RequireNotForeign(put.Table);
        var annotations = put.Annotations ?? entry.Tables.GetValueOrDefault(put.Table.Name)?.Annotations ?? ImmutableSortedDictionary<string, string>.Empty;
        var former = put.FormerFolders ?? entry.Tables.GetValueOrDefault(put.Table.Name)?.FormerFolders ?? [];
        bool isProtected = entry.Tables.GetValueOrDefault(put.Table.Name)?.IsProtected ?? false;
        var common = put.Common ?? (put.IsRegistered ? [put.MetadataLocation] : entry.Tables.GetValueOrDefault(put.Table.Name)?.Common ?? []);
        var tables = entry.Tables.SetItem(put.Table.Name, new TableEntry(put.Uuid, put.MetadataLocation) { Annotations = annotations, FormerFolders = former, Common = common, IsProtected = isProtected });
        return _namespaces.SetItem(put.Table.Namespace, entry with { Tables = tables });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Put(CatalogChange.PutView put)
    {
        var entry = RequireNamespace(put.View.Namespace);
        if (entry.Tables.ContainsKey(put.View.Name))
            throw TarnException.AlreadyExists($"Table '{put.View}' exists already; tables and views share one name space.");
        RequireNotForeign(put.View);
        var annotations = put.Annotations ?? entry.Views.GetValueOrDefault(put.View.Name)?.Annotations ?? ImmutableSortedDictionary<string, string>.Empty;
        bool isProtected = entry.Views.GetValueOrDefault(put.View.Name)?.IsProtected ?? false;
        var common = put.Common ?? (put.IsRegistered ? [put.MetadataLocation] : entry.Views.GetValueOrDefault(put.View.Name)?.Common ?? []);
        var views = entry.Views.SetItem(put.View.Name, new ViewEntry(put.Uuid, put.MetadataLocation) { Annotations = annotations, Common = common, IsProtected = isProtected });
        return _namespaces.SetItem(put.View.Namespace, entry with { Views = views });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> DropTable(TableIdentifier table)
    {
        RequireUnprotected(table.Namespace, RequireTable(table).IsProtected, $"Table '{table}'");
        return WithoutTable(table);
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> DropView(TableIdentifier view)
    {
        RequireUnprotected(view.Namespace, RequireView(view).IsProtected, $"View '{view}'");
        return WithoutView(view);
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> WithoutTable(TableIdentifier table)
    {
        var entry = RequireNamespace(table.Namespace);
        return _namespaces.SetItem(table.Namespace, entry with { Tables = entry.Tables.Remove(table.Name) });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> WithoutView(TableIdentifier view)
    {
        var entry = RequireNamespace(view.Namespace);
        return _namespaces.SetItem(view.Namespace, entry with { Views = entry.Views.Remove(view.Name) });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Rename(CatalogChange.RenameTable rename)
    {
        var table = RequireTable(rename.From);
        RequireFree(rename.To);
        RequireMayLeave(rename.From, rename.To, "Table");
        var left = With(WithoutTable(rename.From));
        var target = left.RequireNamespace(rename.To.Namespace);
        return left._namespaces.SetItem(rename.To.Namespace, target with { Tables = target.Tables.Add(rename.To.Name, table) });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Rename(CatalogChange.RenameView rename)
    {
        var view = RequireView(rename.From);
        RequireFree(rename.To);
        RequireMayLeave(rename.From, rename.To, "View");
        var left = With(WithoutView(rename.From));
        var target = left.RequireNamespace(rename.To.Namespace);
        return left._namespaces.SetItem(rename.To.Namespace, target with { Views = target.Views.Add(rename.To.Name, view) });
    }

    private TableEntry RequireTable(TableIdentifier table) =>
        FindTable(table) ?? throw TarnException.NotFound($"Table '{table}' does not exist; check its spelling (names are case-sensitive).");

    private ViewEntry RequireView(TableIdentifier view) =>
        FindView(view) ?? throw TarnException.NotFound($"View '{view}' does not exist; check its spelling (names are case-sensitive).");
}
