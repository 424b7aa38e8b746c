using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

public sealed partial record LogState
{
    // Those of what was dropped whose files are to be deleted: few, and asked for with every drop.
    private ImmutableSortedSet<DroppedKey> Purges { get => field ??= [.. Dropped.Where(d => d.Value.Retention.IsPurged).Select(d => d.Key)]; init; }

    /// <summary>
    /// The branch that keeps the files of something purged: it came from the one where that was purged, and shows it still or can bring it back. The purge waits for it, since nobody else would delete
    /// the files afterwards. Null when there is none, or the table is there again where it was purged: then its next drop decides.
    /// </summary>
    /// <param name="purged">What was purged.</param>
    /// <param name="now">What was dropped can be brought back from then on.</param>
    public CatalogAddress? FindHolder(DroppedEntry purged, DateTimeOffset now)
    {
        if (FindBranch(purged.At) is { } branch && branch.Catalog.MayHave(purged.Pointer) && branch.Catalog.Pointers.Any(purged.Pointer.IsOneWith))
            return null;
        var below = Catalogs.Where(c => c.Key != purged.At && CameFrom(c.Key, purged.At) && Shows(c.Key, purged.Pointer)).Select(c => c.Key).FirstOrDefault();
        return below ?? Dropped.Values.FirstOrDefault(d => !d.IsExpiring && d.Retention.Until > now && d.At != purged.At && !d.At.IsMain && (FindBranch(d.At) is null || CameFrom(d.At, purged.At)) && IsOneWith(purged.Pointer, d.Pointer, d.Common))?.At;
    }

    // All branches came from main; of others it is known as long as they are there.
    private bool CameFrom(CatalogAddress at, CatalogAddress above)
    {
        if (at.Warehouse != above.Warehouse || above.IsMain)
            return at.Warehouse == above.Warehouse;
        for (var up = at; FindBranch(up)?.Origin is { } origin;)
        {
            up = up with { Branch = origin.Parent };
            if (up == above)
                return true;
        }

        return false;
    }

    private bool Shows(CatalogAddress at, CatalogPointer table)
    {
        var branch = RequireBranch(at);
        return branch.Catalog.MayHave(table) && branch.Catalog.Pointers.Any(p => IsOneWith(table, p, p.Uuid == table.Uuid ? branch.Origin?.FindCommon(p) ?? p.Common : null));
    }

    // Whatever became of it on a branch, it is what it was there at first.
    private static bool IsOneWith(CatalogPointer table, CatalogPointer there, string? common) =>
        table.IsOneWith(there) || (common is not null && table.IsOneWith(there with { MetadataLocation = common }));

    // Without purge, on main, no branch's purge of it counts any more. Whoever drops it on a branch decides nothing about what main has purged.
    private LogState Drop(TableIdentifier name, Retention? retention, CommitRecord commit)
    {
        if (RequireCatalog(commit.At).Find(name) is not { } dropped)
            return this; // the drop itself says that it is not there
        bool decides = commit.At.IsMain && retention is not { IsPurged: true };
        var state = decides ? WithoutPurges(commit.At, dropped) : this;
        return retention is null ? state : state.Keep(dropped, retention, commit);
    }

    // What is registered again or brought back is wanted: what was purged of it before does not wait for deletion any more. Main speaks for its branches, they for themselves.
    private LogState WithoutPurges(CatalogAddress at, CatalogPointer wanted)
    {
        var taken = Purges.Where(p => Dropped[p] is var purged && (purged.At == at || (at.IsMain && purged.At.Warehouse == at.Warehouse)) && purged.Pointer.IsOneWith(wanted)).ToList();
        return taken.Count == 0 ? this : this with { Dropped = Dropped.SetItems(taken.Select(p => KeyValuePair.Create(p, Dropped[p].WithoutPurge()))), Purges = Purges.Except(taken) };
    }
}
