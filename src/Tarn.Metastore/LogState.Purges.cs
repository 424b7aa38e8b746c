using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

public sealed partial record LogState
{
    // Those of what was dropped whose files are to be deleted: few, and asked for with every drop.
    private ImmutableSortedSet<DroppedKey> Purges { get => field ??= [.. Dropped.Where(d => d.Value.Retention.IsPurged).Select(d => d.Key)]; init; }

    // Those that a drop on main has kept, of what was to be deleted: fewer still.
    private ImmutableSortedSet<DroppedKey> Kept { get => field ??= [.. Dropped.Where(d => d.Value.IsKept).Select(d => d.Key)]; init; }

    /// <summary>
    /// The branch that keeps the files of something purged. A branch that came from the one where that was purged shows it still or can bring it back: the purge waits for it, since nobody else would delete
    /// the files afterwards. So does the branch that this one came from: a merge is to purge it there too. Null when there is none, or the table is there again where it was purged: then its next drop decides.
    /// </summary>
    /// <param name="purged">What was purged.</param>
    /// <param name="now">What was dropped can be brought back from then on.</param>
    public CatalogAddress? FindHolder(KeyValuePair<DroppedKey, DroppedEntry> purged, DateTimeOffset now)
    {
        var entry = purged.Value;
        if (FindBranch(entry.At) is { } branch && branch.Catalog.MayHave(entry.Pointer) && branch.Catalog.Pointers.Any(entry.Pointer.IsOneWith))
            return null;
        return FindAbove(purged)
            ?? Catalogs.Where(c => c.Key != entry.At && CameFrom(c.Key, entry.At) && Shows(c.Key, entry.Pointer)).Select(c => c.Key).FirstOrDefault()
            ?? Dropped.Where(d => IsHeld(d.Key, d.Value)).Select(d => d.Value.At).FirstOrDefault();

        // Of what went with a branch nobody knows where that came from, also when there is another branch of its name.
        bool IsHeld(DroppedKey key, DroppedEntry dropped) => !dropped.IsExpiring && dropped.Retention.Until > now && dropped.At != entry.At && !dropped.At.IsMain
            && (!IsOfBranch(key, dropped.At) || CameFrom(dropped.At, entry.At)) && IsOneWith(entry.Pointer, dropped.Pointer, dropped.Common);
    }

    /// <summary>Whether a drop on main that has kept what a branch has purged may still turn out to be a purge: Spark drops, and then deletes files.</summary>
    /// <param name="kept">What was kept.</param>
    /// <param name="now">What was dropped can be brought back from then on.</param>
    internal bool IsUndecided(KeyValuePair<DroppedKey, DroppedEntry> kept, DateTimeOffset now) =>
        kept.Value.IsKept && Dropped.Values.Any(d => d is { IsExpiring: false, At.IsMain: true } && d.Retention.Until > now && IsDecidedAt(d.At, d.Pointer, kept.Key));

    /// <summary>Whether a branch has purged a table or view of another one, of which one came from the other, so that a merge purges it there too.</summary>
    /// <param name="source">The branch that is merged.</param>
    /// <param name="target">The one that it is merged into.</param>
    /// <param name="there">What the merge drops on that.</param>
    internal bool HasPurged(CatalogAddress source, CatalogAddress target, CatalogPointer there)
    {
        var common = FindBranch(target)?.Origin is { } origin && origin.Parent == source.Branch ? origin.FindCommon(there) : [];
        return Purges.Any(p => Dropped[p] is { IsExpiring: false } purged && purged.At == source && IsOfBranch(p, source) && (IsOneWith(there, purged.Pointer, purged.Common) || IsOneWith(purged.Pointer, there, common)));
    }

    // The branch that has it still, and from which the one came where it was purged.
    private CatalogAddress? FindAbove(KeyValuePair<DroppedKey, DroppedEntry> purged)
    {
        var (key, entry) = purged;
        if (FindBranch(entry.At)?.Origin is not { } origin || !IsOfBranch(key, entry.At))
            return null;
        var above = entry.At with { Branch = origin.Parent };
        var catalog = RequireCatalog(above);
        return catalog.MayHave(entry.Pointer) && catalog.Pointers.Any(p => IsOneWith(p, entry.Pointer, entry.Common)) ? above : null;
    }

    // One of the same name may have been deleted before.
    private bool IsOfBranch(DroppedKey key, CatalogAddress at) => FindBranch(at) is { } branch && key.Number > (branch.Origin?.CreatedNumber ?? 0);

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
        return branch.Catalog.MayHave(table) && branch.Catalog.Pointers.Any(p => IsOneWith(table, p, p.Uuid == table.Uuid ? branch.Origin?.FindCommon(p) ?? [] : []));
    }

    // Whatever became of it on a branch, it is what it was there at first.
    private static bool IsOneWith(CatalogPointer table, CatalogPointer there, IReadOnlyList<string> common) =>
        table.IsOneWith(there) || common.Any(c => table.IsOneWith(there with { MetadataLocation = c }));

    // Whoever purges what he has dropped has not kept it either.
    private LogState Purge(DroppedKey key)
    {
        if (RequireDropped(key) is not { IsExpiring: false } entry)
            return this;
        DroppedKey[] purged = [key, .. entry.At.IsMain ? Kept.Where(k => Dropped[k] is { IsExpiring: false } && IsDecidedAt(entry.At, entry.Pointer, k)) : []];
        return this with { Dropped = Dropped.SetItems(purged.Select(p => KeyValuePair.Create(p, Dropped[p].WithPurge()))), Purges = Purges.Union(purged), Kept = Kept.Except(purged) };
    }

    // Without purge, on main, no branch's purge of it counts any more. Whoever drops it on a branch decides nothing about what main has purged.
    private LogState Drop(TableIdentifier name, Retention? retention, CommitRecord commit)
    {
        if (RequireCatalog(commit.At).Find(name) is not { } dropped)
            return this; // the drop itself says that it is not there
        bool decides = commit.At.IsMain && retention is not { IsPurged: true };
        var state = (decides ? WithoutPurges(commit.At, dropped, isDrop: true) : this) with { LeftHere = retention is { IsPurged: true } ? LeftHere : LeftHere.Add(dropped) };
        return retention is null ? state : state.Keep(dropped, retention, commit);
    }

    // The files of what was dropped without purge stay. Branches that came from there delete none of them when they end: not those either that one has made and that were taken over there.
    private LogState KeepLeft(ImmutableList<CatalogPointer> left, CommitRecord commit)
    {
        if (FindWarehouse(commit.At.Warehouse) is not { } warehouse)
            return this; // it went with them
        bool IsBelow(CatalogAddress at) => at != commit.At && CameFrom(at, commit.At);
        var state = this;
        foreach (var (name, branch) in warehouse.Branches)
        {
            if (IsBelow(commit.At with { Branch = name }) && KeepLeft(branch, left, commit.Number) is var catalog && !ReferenceEquals(catalog, branch.Catalog))
                state = state.With(commit.At with { Branch = name }, branch with { Catalog = catalog });
        }

        // What a branch has dropped can come back there.
        var files = left.ToLookup(d => CatalogPointer.IdentityOf(d.Uuid, d.MetadataLocation));
        var below = Dropped.Where(d => files.Contains(d.Value.Identity) && IsBelow(d.Value.At));
        return state with { Dropped = Dropped.SetItems(below.Select(d => KeyValuePair.Create(d.Key, files[d.Value.Identity].Where(d.Value.Pointer.IsOneWith).Aggregate(d.Value, (entry, dropped) => entry.Without(dropped.MetadataLocation))))) };
    }

    private static CatalogState KeepLeft(BranchEntry branch, ImmutableList<CatalogPointer> left, long number)
    {
        var catalog = branch.Catalog;
        foreach (var dropped in left)
        {
            foreach (var same in branch.Catalog.FindSame(dropped).Where(p => IsOneWith(dropped, p, branch.Origin!.FindCommon(p))))
                catalog = catalog.WithCommon(catalog.Find(same.Name)!, [dropped.MetadataLocation], number);
        }

        return catalog;
    }

    // What is registered again or brought back is wanted: what was purged of it before does not wait for deletion any more. Main speaks for its branches, they for themselves.
    // Of what went with a branch only that state stays: nobody else would delete what the branch has added. A deletion that goes on ends whole.
    private LogState WithoutPurges(CatalogAddress at, CatalogPointer wanted, bool isDrop = false)
    {
        var taken = Purges.Where(p => IsDecidedAt(at, wanted, p)).ToLookup(p => Dropped[p].IsExpiring || IsOfBranch(p, Dropped[p].At));
        // Who drops again has kept nothing more than before; what is wanted does not come back into a purge.
        List<DroppedKey> kept = isDrop ? [] : [.. Kept.Where(k => IsDecidedAt(at, wanted, k))];
        return taken.Count == 0 && kept.Count == 0 ? this : this with
        {
            Dropped = Dropped.SetItems(taken[true].Concat(kept).Select(p => KeyValuePair.Create(p, Dropped[p].WithoutPurge(isDrop)))
                .Concat(taken[false].Select(p => KeyValuePair.Create(p, Dropped[p].Without(wanted.MetadataLocation))))),
            Purges = Purges.Except(taken[true]),
            Kept = isDrop ? Kept.Union(taken[true]) : Kept.Except(kept),
        };
    }

    private bool IsDecidedAt(CatalogAddress at, CatalogPointer table, DroppedKey key) =>
        Dropped[key] is var entry && (entry.At == at || (at.IsMain && entry.At.Warehouse == at.Warehouse)) && entry.Pointer.IsOneWith(table);
}
