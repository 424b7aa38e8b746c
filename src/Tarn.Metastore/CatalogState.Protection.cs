using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

public sealed partial class CatalogState
{
    /// <summary>Throws when a table may not be dropped, so that whoever drops it learns so before looking at its files.</summary>
    /// <exception cref="TarnException">InvalidRequest when it, or a namespace above it, is protected.</exception>
    internal void RequireDroppable(TableIdentifier table) => RequireUnprotected(table.Namespace, FindTable(table)?.IsProtected ?? false, $"Table '{table}'");

    /// <summary>
    /// Throws when a change would put another table or view in the place of one. Then that one is gone as if it were dropped: so it has to be dropped, by a change before,
    /// which asks for its protection and keeps it for coming back.
    /// </summary>
    /// <exception cref="TarnException">InvalidRequest.</exception>
    internal void RequireSameIdentity(CatalogChange change)
    {
        switch (change)
        {
            case CatalogChange.PutTable put when FindTable(put.Table) is { Uuid: { } present } && put.Uuid != present:
                throw TarnException.Invalid($"Table '{put.Table}' has the uuid {present}, and the one to come in its place has {put.Uuid?.ToString() ?? "none"}. Drop it first; nothing was changed.");
            case CatalogChange.PutView put when FindView(put.View) is { Uuid: var present } && put.Uuid != present:
                throw TarnException.Invalid($"View '{put.View}' has the uuid {present}, and the one to come in its place has {put.Uuid}. Drop it first; nothing was changed.");
        }
    }

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
