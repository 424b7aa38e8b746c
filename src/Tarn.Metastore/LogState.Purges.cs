using System.Collections.Immutable;

namespace Tarn.Metastore;

public sealed partial record LogState
{
    // Those of what was dropped whose files are to be deleted: few, and asked for with every drop.
    private ImmutableSortedSet<DroppedKey> Purges { get => field ??= [.. Dropped.Where(d => d.Value.Retention.IsPurged).Select(d => d.Key)]; init; }

    /// <summary>
    /// The branch that keeps the files of something purged: it shows it still, or what was dropped there can still be brought back. The purge waits for it, since nobody else would delete them afterwards.
    /// Null when there is none, or main shows it: then its next drop decides, there.
    /// </summary>
    /// <param name="purged">What was purged.</param>
    /// <param name="now">What was dropped can be brought back from then on.</param>
    public CatalogAddress? FindHolder(DroppedEntry purged, DateTimeOffset now)
    {
        var pointer = purged.Pointer;
        var showing = Catalogs.Where(c => c.Key.Warehouse == purged.At.Warehouse && c.Value.Pointers.Any(pointer.IsOneWith)).Select(c => c.Key).ToList();
        return showing.Count > 0
            ? showing.Exists(at => at.IsMain) ? null : showing[0]
            : Dropped.Values.FirstOrDefault(d => !d.IsExpiring && d.Retention.Until > now && d.At.Warehouse == purged.At.Warehouse && pointer.IsOneWith(d.Pointer))?.At;
    }

    // Without purge, on main, no branch's purge of the table counts any more. Whoever drops it on a branch decides nothing about what main has purged.
    private LogState Drop(CatalogChange.DropTable drop, CommitRecord commit)
    {
        bool decides = commit.At.IsMain && drop.Retention is not { IsPurged: true };
        var state = decides && RequireCatalog(commit.At).FindTable(drop.Table) is { } table ? WithoutPurges(commit.At, CatalogPointer.Of(drop.Table, table)) : this;
        return drop.Retention is { } kept ? state.Keep(drop.Table, kept, commit) : state;
    }

    // A table that is registered again or brought back is wanted: what was purged of it before does not wait for deletion any more. Main speaks for its branches, they for themselves.
    private LogState WithoutPurges(CatalogAddress at, CatalogPointer table)
    {
        var taken = Purges.Where(p => Dropped[p] is var purged && (purged.At == at || (at.IsMain && purged.At.Warehouse == at.Warehouse)) && purged.Pointer.IsOneWith(table)).ToList();
        return taken.Count == 0 ? this : this with { Dropped = Dropped.SetItems(taken.Select(p => KeyValuePair.Create(p, Dropped[p].WithoutPurge()))), Purges = Purges.Except(taken) };
    }
}
