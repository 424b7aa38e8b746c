using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Branches;

/// <summary>What a state of a catalog has other than an earlier one.</summary>
internal static class BranchDifference
{
    /// <summary>Namespaces with what is in them, ordered by name. What both states share is not looked at, so that this costs what is different.</summary>
    public static IEnumerable<BranchChange> Between(CatalogState before, CatalogState after)
    {
        if (ReferenceEquals(before, after))
            yield break;
        var names = before.Namespaces.Select(n => n.Key).Union(after.Namespaces.Select(n => n.Key));
        foreach (var name in names.OrderBy(n => n, CatalogState.NameOrder))
        {
            var (one, other) = (before.FindNamespace(name), after.FindNamespace(name));
            if (ReferenceEquals(one, other))
                continue;
            if (OfNamespace(name, one, other) is { } change)
                yield return change;
            foreach (string inside in CatalogObject.NamesApart(one, other).Order(StringComparer.Ordinal))
            {
                if (OfObject(before, after, new TableIdentifier(name, inside)) is { } found)
                    yield return found;
            }
        }
    }

    private static BranchChange? OfNamespace(Namespace name, NamespaceEntry? before, NamespaceEntry? after) => (before, after) switch
    {
        (null, not null) => new() { Namespace = name, Change = BranchChangeKind.Added, Properties = after.Properties },
        (not null, null) => new() { Namespace = name, Change = BranchChangeKind.Dropped },
        _ => before!.Properties.SequenceEqual(after!.Properties) ? null : new() { Namespace = name, Change = BranchChangeKind.Changed, Properties = after.Properties },
    };

    private static BranchChange? OfObject(CatalogState before, CatalogState after, TableIdentifier name)
    {
        var (one, other) = (CatalogObject.Find(before, name), CatalogObject.Find(after, name));
        if (one is not null && other is not null && one.IsSame(other))
            return null;
        var kind = one is null ? BranchChangeKind.Added : other is null ? BranchChangeKind.Dropped : BranchChangeKind.Changed;
        return new() { Namespace = name.Namespace, Name = name.Name, Change = kind, Before = one, After = other };
    }
}
