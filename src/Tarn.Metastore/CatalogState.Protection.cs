using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

public sealed partial class CatalogState
{
    /// <summary>Throws when a table may not be dropped, so that whoever drops it learns so before looking at its files.</summary>
    /// <exception cref="TarnException">InvalidRequest when it, or a namespace above it, is protected.</exception>
    internal void RequireDroppable(TableIdentifier table) => RequireUnprotected(table.Namespace, FindTable(table)?.IsProtected ?? false, $"Table '{table}'");

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Protect(CatalogChange.ProtectNamespace protect) =>
        _namespaces.SetItem(protect.Namespace, RequireNamespace(protect.Namespace) with { IsProtected = protect.IsProtected });

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Protect(CatalogChange.ProtectTable protect)
    {
        var table = RequireTable(protect.Table) with { IsProtected = protect.IsProtected };
        var entry = RequireNamespace(protect.Table.Namespace);
        return _namespaces.SetItem(protect.Table.Namespace, entry with { Tables = entry.Tables.SetItem(protect.Table.Name, table) });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Protect(CatalogChange.ProtectView protect)
    {
        var view = RequireView(protect.View) with { IsProtected = protect.IsProtected };
        var entry = RequireNamespace(protect.View.Namespace);
        return _namespaces.SetItem(protect.View.Namespace, entry with { Views = entry.Views.SetItem(protect.View.Name, view) });
    }

    private void RequireUnprotected(Namespace @namespace, bool isProtected, string what)
    {
        if (isProtected)
            throw TarnException.Invalid($"{what} is protected and is not dropped. Lift the protection first ('tarn catalog unprotect').");
        for (var above = @namespace; !above.IsRoot; above = above.Parent)
        {
            if (FindNamespace(above) is { IsProtected: true })
                throw TarnException.Invalid($"{what} is not dropped: namespace '{above}' is protected with everything inside. Lift the protection first ('tarn catalog unprotect {above}').");
        }
    }

    // Out of a protected namespace a table is as gone as if it were dropped.
    private void RequireMayLeave(TableIdentifier from, TableIdentifier to, string what)
    {
        if (from.Namespace != to.Namespace)
            RequireUnprotected(from.Namespace, isProtected: false, $"{what} '{from}'");
    }
}
