using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

/// <content>Tables of other formats.</content>
public sealed partial class CatalogState
{
    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Put(CatalogChange.PutForeignTable put, long number)
    {
        var entry = RequireNamespace(put.Table.Namespace);
        var present = entry.ForeignTables.GetValueOrDefault(put.Table.Name);
        if (present is null)
            RequireFree(put.Table);
        var partitions = present?.Partitions ?? ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
        var next = new ForeignEntry(number, put.Properties, partitions.RemoveRange(put.RemovedPartitions).SetItems(put.Partitions));
        return _namespaces.SetItem(put.Table.Namespace, entry with { ForeignTables = entry.ForeignTables.SetItem(put.Table.Name, next) });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> DropForeignTable(TableIdentifier table)
    {
        RequireForeignTable(table);
        RequireUnprotected(table.Namespace, isProtected: false, $"Table '{table}'");
        var entry = RequireNamespace(table.Namespace);
        return _namespaces.SetItem(table.Namespace, entry with { ForeignTables = entry.ForeignTables.Remove(table.Name) });
    }

    private ImmutableSortedDictionary<Namespace, NamespaceEntry> Rename(CatalogChange.RenameForeignTable rename)
    {
        var table = RequireForeignTable(rename.From);
        RequireFree(rename.To);
        RequireMayLeave(rename.From, rename.To, "Table");
        var source = RequireNamespace(rename.From.Namespace);
        var left = With(_namespaces.SetItem(rename.From.Namespace, source with { ForeignTables = source.ForeignTables.Remove(rename.From.Name) }));
        var entry = left.RequireNamespace(rename.To.Namespace);
        return left._namespaces.SetItem(rename.To.Namespace, entry with { ForeignTables = entry.ForeignTables.Add(rename.To.Name, table) });
    }

    private ForeignEntry RequireForeignTable(TableIdentifier table) =>
        FindForeignTable(table) ?? throw TarnException.NotFound($"Table '{table}' does not exist; check its spelling (names are case-sensitive).");

    private void RequireNotForeign(TableIdentifier name)
    {
        if (FindForeignTable(name) is not null)
            throw TarnException.AlreadyExists($"Table '{name}' of another format exists already; all tables and views share one name space.");
    }
}
